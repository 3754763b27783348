import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence } from '../../domain/observation.ts';
import { sizeText } from '../../domain/size.ts';
import type { Train } from '../../domain/train/train.ts';
import type { NightlySize, ProjectSize, SizeFacts } from './read-sizes.ts';

const ID = GateId.parse('size-forecast');
/** From here on a raise is asked for: granting one takes the index weeks, and a release grows in its last ones. */
const CLOSE = 0.9;

/**
 * The gate `size-forecast`: what goes to an index would be taken, judged by the newest nightlies: each file against the limit of files, all files of a
 * package against the limit of its project. Waivers applied.
 */
export function decideSizeForecast(facts: SizeFacts, train: Train, waivers: readonly Waiver[], now: Instant): Gate {
  return withWaiver(gateOf(facts, train), waivers, now);
}

function gateOf({ release, sizes, projects }: SizeFacts, train: Train): Gate {
  const gate = emptyGate(ID, train.roles['release-manager']);
  const rerun = `signalbox gate run ${release} ${ID}`;
  if (sizes === null) return { ...gate, verdict: 'skipped', summary: `nothing of ${release} goes to a package index` };
  if (!sizes.known)
    return { ...gate, summary: `could not be read: ${sizes.reason}`, fix: `make it readable, then ${rerun}` };
  return { ...gate, ...judged({ release, sizes: sizes.value, projects, rerun }, sizes) };
}

interface Judging {
  readonly release: SizeFacts['release'];
  readonly sizes: readonly NightlySize[];
  readonly projects: readonly ProjectSize[];
  readonly rerun: string;
}

type Judged = Pick<Gate, 'verdict' | 'summary' | 'evidence'> & { readonly fix?: string };

function judged({ release, sizes, projects, rerun }: Judging, { at, source }: Pick<Evidence, 'at' | 'source'>): Judged {
  const measures = [...fileMeasures(sizes), ...projectMeasures(sizes, projects)].toSorted(
    (left, right) => right.share - left.share,
  );
  const over = measures.filter(({ share }) => share > 1);
  const close = measures.filter(({ share }) => share <= 1 && share >= CLOSE);
  const without = sizes.filter(({ nightly }) => nightly === null);
  const unread = unreadProjects(projects);
  const [largest] = measures;
  const texts = [
    ...[...over, ...close].map(({ text }) => text),
    ...without.slice(0, MOST_SHOWN).map(({ expected }) => `no nightly of ${expected.key}`),
    ...unread,
    ...(largest === undefined ? [] : [`largest: ${largest.text}`]),
  ];
  const evidence = texts.slice(0, MOST_EVIDENCE).map((text) => ({ text, source, at }));
  const ask = `ask the index for a larger limit and note it in the train file (channels.*.places[].limits.raised); then ${rerun}`;
  if (over.length > 0)
    return { evidence, verdict: 'failing', summary: `${over.length} over the limit: ${over[0]?.text}`, fix: ask };
  if (close.length > 0)
    return {
      evidence,
      verdict: 'needs-you',
      summary: `${close.length} close to the limit: ${close[0]?.text}`,
      fix: ask,
    };
  if (without.length > 0) {
    const summary = `${without.length} of ${sizes.length} files have no nightly of ${release} to go by`;
    return { evidence, verdict: 'no-data', summary, fix: `have the nightlies built; then ${rerun}` };
  }
  if (unread.length > 0) {
    const summary = `what lies there already is not known: ${unread[0]}`;
    return { evidence, verdict: 'no-data', summary, fix: `make it readable, then ${rerun}` };
  }
  return largest === undefined
    ? { evidence, verdict: 'skipped', summary: 'the train file names no limit of a package index' }
    : { evidence, verdict: 'pass', summary: `${sizes.length} files fit; the largest part: ${largest.text}` };
}

function unreadProjects(projects: readonly ProjectSize[]): readonly string[] {
  return projects.flatMap(({ channel, package: name, used }) =>
    used.known ? [] : [`${channel} project ${name}: ${used.reason}`],
  );
}

const MOST_SHOWN = 10;
const MOST_EVIDENCE = 60;

/** A size against its limit. */
interface Measure {
  readonly share: number;
  readonly text: string;
}

function measureOf(what: string, size: number, limit: number): Measure {
  const share = size / limit;
  return { share, text: `${what}: ${sizeText(size)} of ${sizeText(limit)}, ${Math.round(share * 100)}%` };
}

function fileMeasures(sizes: readonly NightlySize[]): readonly Measure[] {
  return sizes.flatMap(({ expected, nightly }) =>
    expected.publish.flatMap(({ channel, fileLimit }) =>
      nightly === null || fileLimit === null
        ? []
        : [measureOf(`${channel} file ${expected.key} (${nightly.version})`, nightly.size, fileLimit)],
    ),
  );
}

/** What a project has already and what the release adds, as the nightlies have it. */
function projectMeasures(sizes: readonly NightlySize[], projects: readonly ProjectSize[]): readonly Measure[] {
  return projects.flatMap(({ channel, package: name, used }) => {
    const own = sizes.filter(({ expected }) => expected.cell.package === name);
    const limit = own
      .flatMap(({ expected }) => expected.publish)
      .find((each) => each.channel === channel)?.projectLimit;
    if (limit === undefined || limit === null) return [];
    const adds = own
      .filter(({ expected }) => expected.publish.some((each) => each.channel === channel))
      .reduce((sum, { nightly }) => sum + (nightly?.size ?? 0), 0);
    return used.known
      ? [measureOf(`${channel} project ${name}, with this release`, used.value + adds, limit)]
      : [measureOf(`${channel} project ${name}, this release alone`, adds, limit)];
  });
}
