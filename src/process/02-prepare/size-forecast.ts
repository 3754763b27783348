import type { Published } from '../../domain/expected/expectation.ts';
import { GateId, withWaiver, type Gate, type Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence } from '../../domain/observation.ts';
import { sizeText } from '../../domain/size.ts';
import type { Train } from '../../domain/train/train.ts';
import type { NightlySize, SizeFacts } from './read-sizes.ts';

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

function gateOf({ release, sizes }: SizeFacts, train: Train): Gate {
  const gate: Gate = {
    id: ID,
    verdict: 'no-data',
    summary: '',
    evidence: [],
    owners: train.roles['release-manager'],
    since: null,
    fix: null,
    waiver: null,
  };
  const rerun = `signalbox gate run ${release} ${ID}`;
  if (sizes === null) return { ...gate, verdict: 'skipped', summary: `nothing of ${release} goes to a package index` };
  if (!sizes.known)
    return { ...gate, summary: `could not be read: ${sizes.reason}`, fix: `make it readable, then ${rerun}` };
  const { value, at, source } = sizes;
  const measures = [...fileMeasures(value), ...projectMeasures(value)];
  const over = measures.filter(({ share }) => share > 1);
  const close = measures.filter(({ share }) => share <= 1 && share >= CLOSE);
  const without = value.filter(({ nightly }) => nightly === null);
  const [largest] = measures.toSorted((left, right) => right.share - left.share);
  const line = (text: string): Evidence => ({ text, source, at });
  const evidence = [
    ...[...over, ...close].toSorted((left, right) => right.share - left.share).map(({ text }) => line(text)),
    ...without.slice(0, MOST_SHOWN).map(({ expected }) => line(`no nightly of ${expected.key}`)),
    ...(largest === undefined ? [] : [line(`largest: ${largest.text}`)]),
  ].slice(0, MOST_EVIDENCE);
  const ask = `ask the index for a larger limit and note it in the train file (channels.*.places[].limits.raised); then ${rerun}`;
  if (over.length > 0)
    return {
      ...gate,
      evidence,
      verdict: 'failing',
      summary: `${over.length} over the limit: ${over[0]?.text}`,
      fix: ask,
    };
  if (close.length > 0)
    return {
      ...gate,
      evidence,
      verdict: 'needs-you',
      summary: `${close.length} close to the limit: ${close[0]?.text}`,
      fix: ask,
    };
  if (without.length > 0)
    return {
      ...gate,
      evidence,
      summary: `${without.length} of ${value.length} files have no nightly of ${release} to go by`,
      fix: `have the nightlies built; then ${rerun}`,
    };
  if (largest === undefined)
    return { ...gate, verdict: 'skipped', summary: 'the train file names no limit of a package index' };
  return {
    ...gate,
    evidence,
    verdict: 'pass',
    summary: `${value.length} files fit; the largest part: ${largest.text}`,
  };
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

/** What the release alone takes of a project; what lies there already is not known here. */
function projectMeasures(sizes: readonly NightlySize[]): readonly Measure[] {
  const projects = new Map<
    string,
    { readonly channel: Published['channel']; readonly name: string; readonly limit: number; sum: number }
  >();
  for (const { expected, nightly } of sizes) {
    for (const { channel, projectLimit } of expected.publish) {
      if (projectLimit === null || nightly === null) continue;
      const name = expected.cell.package;
      const known = projects.get(`${channel} ${name}`);
      const sum = (known?.sum ?? 0) + nightly.size;
      projects.set(`${channel} ${name}`, { channel, name, limit: projectLimit, sum });
    }
  }
  return [...projects.values()].map(({ channel, name, limit, sum }) =>
    measureOf(`${channel} project ${name}, this release alone`, sum, limit),
  );
}
