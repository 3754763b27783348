import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import { addSeconds, elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Evidence, Observed } from '../../domain/observation.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

/** What one place shows of a release to everybody. */
export interface ShownPlace {
  /** `stable`, `stable#1` for a mirror, `pypi`, `tags`. */
  readonly where: string;
  /** Files, tags or releases that it has to show. */
  readonly wanted: number;
  /** Why some of them are not as they have to be, each with its name. */
  readonly faults: readonly string[];
  /** What it shows under the release's name and nobody decided on. */
  readonly surplus: readonly string[];
}

export interface ReleasedToJudge {
  readonly release: ReleaseVersion;
  /** Why there is nothing to look for yet; null when there is. */
  readonly obstacle: string | null;
  /** Every place, read from outside; one that could not be read is unknown, and keeps the gate closed. */
  readonly places: readonly Observed<ShownPlace>[];
}

interface Judging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

const SHOWN = 20;

/** The gate `stable-verified`: the stable channels and their mirrors show every file to everybody. Only then may anything go to the package index (PRO-08). */
export function decideStableVerified(judged: ReleasedToJudge, judging: Judging): Gate {
  return decide('stable-verified', judged, judging, `signalbox promote stable ${judged.release}`);
}

/** The gate `released`: every public place shows every file with the manifest's digest, and nothing else. It is observed, never remembered. */
export function decideReleased(judged: ReleasedToJudge, judging: Judging): Gate {
  return decide('released', judged, judging, `signalbox promote pypi ${judged.release}`);
}

function decide(
  name: string,
  { release, obstacle, places }: ReleasedToJudge,
  { train, waivers, now }: Judging,
  fix: string,
): Gate {
  const gate = emptyGate(GateId.parse(name), train.roles['release-manager']);
  const done = (judged: Partial<Gate>): Gate => withWaiver({ ...gate, ...judged }, waivers, now);
  if (obstacle !== null) return done({ verdict: 'queued', summary: obstacle, fix: `signalbox status ${release}` });
  const seen = places.flatMap((place) => (place.known ? [place] : []));
  const wrong = seen.filter(({ value }) => value.faults.length + value.surplus.length > 0);
  const [unread] = places.flatMap((place) => (place.known ? [] : [place]));
  if (wrong.length > 0) {
    const isOnlyMissing = wrong.every(
      ({ value }) => value.surplus.length === 0 && value.faults.length === value.wanted,
    );
    return done({
      verdict: isOnlyMissing ? 'queued' : 'failing',
      summary: wrong.map(({ value }) => countsOf(value)).join('; '),
      evidence: wrong.flatMap(evidenceOf),
      fix: isOnlyMissing ? fix : `signalbox published ${release} -v`,
    });
  }
  if (unread !== undefined) {
    return done({
      summary: `${unread.source} could not be read: ${unread.reason}`,
      fix: `signalbox published ${release}`,
    });
  }
  if (seen.length === 0) return done({ verdict: 'queued', summary: 'the train names no public place', fix });
  const total = seen.reduce((sum, { value }) => sum + value.wanted, 0);
  return done({
    verdict: 'pass',
    summary: `${total} in ${seen.length} ${seen.length === 1 ? 'place' : 'places'}, each as everybody sees it`,
    evidence: seen.map(({ value, source, at }) => ({
      text: `${value.where}: ${value.wanted} as they should be`,
      source,
      at,
    })),
  });
}

function countsOf({ where, wanted, faults, surplus }: ShownPlace): string {
  const parts = [
    ...(faults.length > 0 ? [`${faults.length} of ${wanted} not as they should be`] : []),
    ...(surplus.length > 0 ? [`${surplus.length} that nobody decided on`] : []),
  ];
  return `${where}: ${parts.join(', ')}`;
}

function evidenceOf({
  value,
  source,
  at,
}: Extract<Observed<ShownPlace>, { readonly known: true }>): readonly Evidence[] {
  const texts = [...value.faults, ...value.surplus.map((name) => `${name} is there, and nobody decided on it`)];
  const more = texts.length - SHOWN;
  return [...texts.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].map((text) => ({
    text: `${value.where}: ${text}`,
    source,
    at,
  }));
}

/** When a published release is looked at again, by itself. Seed: one wheel more, 15 days after the release. */
export const RECHECKS = [
  { name: 'at-once', seconds: 0 },
  { name: '1-hour', seconds: 60 * 60 },
  { name: '24-hours', seconds: 24 * 60 * 60 },
  { name: '13-days', seconds: 13 * 24 * 60 * 60 },
] as const;
export type Recheck = (typeof RECHECKS)[number]['name'];

/** The looks that are due and were not taken, the first first; each is due once, however late it comes. */
export function dueRechecks(publishedAt: Instant, taken: ReadonlySet<string>, now: Instant): readonly Recheck[] {
  return RECHECKS.filter(
    ({ name, seconds }) => !taken.has(name) && elapsedMillis(addSeconds(publishedAt, seconds), now) >= 0,
  ).map(({ name }) => name);
}

/** When the next look is due; null when all were taken. */
export function nextRecheck(
  publishedAt: Instant,
  taken: ReadonlySet<string>,
): { readonly name: Recheck; readonly at: Instant } | null {
  const [next] = RECHECKS.filter(({ name }) => !taken.has(name));
  return next === undefined ? null : { name: next.name, at: addSeconds(publishedAt, next.seconds) };
}
