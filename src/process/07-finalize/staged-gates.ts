import type { Digest } from '../../domain/canonical-json.ts';
import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence, Observed } from '../../domain/observation.ts';
import { presenceGate, type SeenFile } from '../../domain/presence.ts';
import type { Train } from '../../domain/train/train.ts';
import { sizeText } from '../../domain/size.ts';
import type { PublisherFindings } from './publishers.ts';
import type { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';

interface Judging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** What is known of the staged wheels of the final candidate. */
export interface StagedToJudge {
  readonly release: ReleaseVersion;
  /** Why there is nothing to judge yet: no final candidate, or rules that contradict it. Null when there is. */
  readonly obstacle: string | null;
  readonly candidate: CandidateVersion | null;
  /** Wheels for which no plan ever said what they become. */
  readonly unplanned: number;
  /** The others, with what lies in staging. */
  readonly files: Observed<readonly SeenFile[]>;
}

const STAGED = GateId.parse('staged');
const STAGED_VALID = GateId.parse('staged-valid');

function gateOf(id: GateId, { roles }: Train): Gate {
  return emptyGate(id, roles['release-manager']);
}

/** The gate `staged`: every wheel for the package index lies in staging with the digest that its lineage says. Waivers applied. */
export function decideStaged(
  { release, obstacle, candidate, unplanned, files }: StagedToJudge,
  { train, waivers, now }: Judging,
): Gate {
  const gate = gateOf(STAGED, train);
  const fix = `signalbox promote stage ${release}`;
  if (obstacle !== null) {
    return withWaiver({ ...gate, verdict: 'queued', summary: obstacle, fix: nextOf(release) }, waivers, now);
  }
  if (unplanned > 0) {
    const summary = `${unplanned} wheels of ${candidate} for ${train.promotion.pypi} were never staged`;
    return withWaiver({ ...gate, verdict: 'queued', summary, fix }, waivers, now);
  }
  const judged = presenceGate(files, {
    gate,
    what: `wheels of ${candidate} in ${train.promotion.staging}`,
    fix,
    repair: `signalbox artifact repair ${candidate} --channel ${train.promotion.staging}`,
    rerun: `signalbox gate show ${release} ${STAGED}`,
  });
  return withWaiver(judged, waivers, now);
}

function nextOf(release: ReleaseVersion): string {
  return `signalbox rc final ${release}-rcN`;
}

/** A staged wheel as it was checked. */
export interface CheckedWheel {
  readonly name: string;
  readonly project: string;
  readonly size: number;
  readonly digest: Digest;
  readonly fileLimit: number | null;
  readonly projectLimit: number | null;
  /** `unread`: nobody has read it whole yet; `unreadable`: with the reason. */
  readonly state: 'read' | 'unread' | { readonly unreadable: string };
  /** What is wrong with it, in sentences. */
  readonly faults: readonly string[];
}

/** What the package index has of a project already. */
export interface ProjectOnIndex {
  readonly project: string;
  /** Bytes of all its files, as far as the index tells; null where it does not. */
  readonly size: number | null;
  /** Of files with the names that are to be uploaded; a null digest is one that the index does not tell. */
  readonly files: ReadonlyMap<string, Digest | null>;
}

export interface StagedValidToJudge {
  readonly release: ReleaseVersion;
  readonly obstacle: string | null;
  readonly wheels: Observed<readonly CheckedWheel[]>;
  readonly projects: Observed<readonly ProjectOnIndex[]>;
  /** Who published the projects before. */
  readonly publishers: Observed<PublisherFindings>;
}

const SHOWN = 20;

/**
 * The gate `staged-valid`: the staged bytes are right inside and out, no file and no project is over its limit (WHL-07), and the index has none of the
 * names with other bytes, nor files of these projects that somebody else published than the train says. Waivers applied.
 */
export function decideStagedValid(
  { release, obstacle, wheels, projects, publishers }: StagedValidToJudge,
  { train, waivers, now }: Judging,
): Gate {
  const gate = gateOf(STAGED_VALID, train);
  const rerun = `signalbox gate run ${release} ${STAGED_VALID}`;
  const done = (judged: Partial<Gate>): Gate => withWaiver({ ...gate, ...judged }, waivers, now);
  if (obstacle !== null) return done({ verdict: 'queued', summary: obstacle, fix: nextOf(release) });
  for (const read of [wheels, projects, publishers]) {
    if (!read.known)
      return done({ summary: `could not be read: ${read.reason}`, fix: `make it readable, then ${rerun}` });
  }
  if (!wheels.known || !projects.known || !publishers.known) return done({});
  const faults = [
    ...wheels.value.flatMap(faultsOfWheel),
    ...projects.value.flatMap((project) => faultsOfProject(project, wheels.value)),
    ...publishers.value.faults,
  ];
  const evidence = (text: string): Evidence => ({ text, source: wheels.source, at: wheels.at });
  if (faults.length > 0) {
    return done({
      verdict: 'failing',
      summary: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}: ${faults[0]}`,
      evidence: [
        ...faults.slice(0, SHOWN).map(evidence),
        ...(faults.length > SHOWN ? [evidence(`and ${faults.length - SHOWN} more`)] : []),
        ...wheels.value.map(({ name, size, fileLimit }) => evidence(sizeOf(name, size, fileLimit))),
      ],
      fix: `build what is wrong again, or have the limit raised; then ${rerun}`,
    });
  }
  const unread = wheels.value.filter(({ state }) => state === 'unread').length;
  const [unreadable] = wheels.value.flatMap(({ state }) => (typeof state === 'object' ? [state.unreadable] : []));
  if (unreadable !== undefined) return done({ summary: `a wheel could not be read: ${unreadable}`, fix: rerun });
  if (unread > 0) {
    const summary = `${unread} of ${wheels.value.length} staged wheels were not read byte for byte yet`;
    return done({ verdict: 'queued', summary, fix: rerun });
  }
  const [largest] = wheels.value.toSorted((left, right) => right.size - left.size);
  const most = largest === undefined ? '' : `; largest ${sizeOf(largest.name, largest.size, largest.fileLimit)}`;
  return done({
    verdict: 'pass',
    summary: `${wheels.value.length} staged ${wheels.value.length === 1 ? 'wheel' : 'wheels'} read byte for byte, all right${most}`,
    evidence: [
      evidence(`none of these names is on ${train.promotion.pypi} with other bytes`),
      ...publishers.value.notes.map((text): Evidence => ({ text, source: publishers.source, at: publishers.at })),
    ],
  });
}

function faultsOfWheel({ name, size, fileLimit, faults }: CheckedWheel): readonly string[] {
  const tooLarge = fileLimit !== null && size > fileLimit ? [`${sizeOf(name, size, fileLimit)}: too large`] : [];
  return [...tooLarge, ...faults];
}

function faultsOfProject({ project, size, files }: ProjectOnIndex, wheels: readonly CheckedWheel[]): readonly string[] {
  const own = wheels.filter((wheel) => wheel.project === project);
  const others = own.flatMap(({ name, digest }) => {
    const there = files.get(name);
    if (there === undefined || there === digest) return [];
    return [
      `${name} is on the index with ${there ?? 'a digest that it does not tell'}, not ${digest}: its name is used up`,
    ];
  });
  const limit = own.find(({ projectLimit }) => projectLimit !== null)?.projectLimit ?? null;
  const coming = own.filter(({ name }) => !files.has(name)).reduce((sum, wheel) => sum + wheel.size, 0);
  const total = (size ?? 0) + coming;
  const isOver = limit !== null && total > limit;
  return [
    ...others,
    ...(isOver
      ? [`${project} would come to ${sizeText(total)} of ${sizeText(limit)}: over the limit of the project`]
      : []),
  ];
}

function sizeOf(name: string, size: number, limit: number | null): string {
  return `${name} ${sizeText(size)}${limit === null ? '' : ` of ${sizeText(limit)}`}`;
}
