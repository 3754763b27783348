import type { LedgerEntry } from '../../../domain/ledger-event.ts';
import type { RepoKey, RepoSlug } from '../../../domain/repo.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { Forge, ForgeItem } from '../../../ports/forge.ts';

/** The hidden marker by which a tracker is found where no number of it is recorded; never its title. Stage 03 opens core's with the same. */
export function trackerMarker(release: ReleaseVersion): string {
  return `signalbox:tracker ${release}`;
}

/** The step that opens the tracker in a repository: whoever plans it, there is one. */
export function trackerStepKey(repo: RepoKey, release: ReleaseVersion): string {
  return `create-issue:${repo}:tracker ${release}`;
}

/** The number of a repository's tracker by the receipt of the step that opened it; null where none is recorded. */
export function recordedTracker(
  entries: readonly LedgerEntry[],
  repo: RepoKey,
  release: ReleaseVersion,
): number | null {
  const step = trackerStepKey(repo, release);
  const numbers = entries.flatMap(({ event }) =>
    event.type === 'step-receipt' && event.step === step ? [Number(event.handle['number'])] : [],
  );
  return numbers.filter((number) => Number.isSafeInteger(number) && number > 0).at(-1) ?? null;
}

/** What one repository has that may be the tracker of a release. */
export interface TrackerFacts {
  /** The issue whose number the ledger has, as it is now. */
  readonly recorded: ForgeItem | null;
  /** Everything that bears the marker, whoever wrote it; not looked for where the recorded one is open. */
  readonly marked: readonly ForgeItem[];
}

/** Reads them: by the recorded number, and by the marker only where that leads to no open issue. */
export async function readTracker(
  forge: Forge,
  slug: RepoSlug,
  { release, number }: { readonly release: ReleaseVersion; readonly number: number | null },
): Promise<TrackerFacts> {
  const recorded = number === null ? null : await forge.issues.get(slug, number);
  if (recorded?.open === true) return { recorded, marked: [] };
  return { recorded, marked: await forge.issues.findByMarker(slug, trackerMarker(release)) };
}

/** Which issue is the tracker. `strangers`: bear the marker and were written by nobody the train trusts (incident: an outsider's fake tracker). */
export type FoundTracker =
  | { readonly is: 'open'; readonly tracker: ForgeItem; readonly strangers: readonly ForgeItem[] }
  | { readonly is: 'closed'; readonly tracker: ForgeItem; readonly strangers: readonly ForgeItem[] }
  | { readonly is: 'several'; readonly trackers: readonly ForgeItem[]; readonly strangers: readonly ForgeItem[] }
  | { readonly is: 'none'; readonly strangers: readonly ForgeItem[] };

/** The recorded issue while it is open, else the one open issue with the marker by somebody who is trusted. */
export function findTracker({ recorded, marked }: TrackerFacts, trusted: readonly string[]): FoundTracker {
  const ours = marked.filter(({ author, isPullRequest }) => !isPullRequest && trusted.includes(author));
  const strangers = marked.filter(({ author }) => !trusted.includes(author));
  if (recorded?.open === true) return { is: 'open', tracker: recorded, strangers };
  const open = ours.filter((item) => item.open);
  const [tracker, second] = open;
  if (second !== undefined) return { is: 'several', trackers: open, strangers };
  if (tracker !== undefined) return { is: 'open', tracker, strangers };
  const closed = recorded ?? ours.at(-1);
  return closed === undefined ? { is: 'none', strangers } : { is: 'closed', tracker: closed, strangers };
}
