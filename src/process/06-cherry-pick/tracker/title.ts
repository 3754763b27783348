import { patchNumber, compareVersions, lineOf, ReleaseVersion, type Line } from '../../../domain/version.ts';

/** What the title of a tracker says (TRK-04). */
export interface TrackerTitle {
  readonly release: ReleaseVersion;
  readonly kind: 'minor' | 'patch';
}

const TITLE = /^\s*\[\s*v\.?(\d+\.\d+\.\d+)\s*\]\s*release\s+tracker\s*$/i;

/** Reads a title as people have written them: `[v.2.13.0] Release Tracker`, `[v2.12.1] Release tracker`. Null for anything else. */
export function parseTrackerTitle(title: string): TrackerTitle | null {
  const release = ReleaseVersion.safeParse(TITLE.exec(title.slice(0, 300))?.[1]);
  if (!release.success) return null;
  return { release: release.data, kind: patchNumber(release.data) === 0 ? 'minor' : 'patch' };
}

/** An open issue that may be a tracker; only those of people the train trusts are given here (incident: an outsider's fake tracker). */
export interface OpenTracker {
  readonly number: number;
  readonly title: string;
}

/** The tracker of a line: its latest open release, by whole numbers. `ambiguous` are those that say the same release twice: a person must close one. */
export function trackerOf(
  line: Line,
  trackers: readonly OpenTracker[],
): { readonly found: OpenTracker | null; readonly ambiguous: readonly OpenTracker[] } {
  const read = trackers.flatMap((tracker) => {
    const title = parseTrackerTitle(tracker.title);
    return title === null || lineOf(title.release) !== line ? [] : [{ tracker, release: title.release }];
  });
  const [latest] = read.toSorted((left, right) => compareVersions(right.release, left.release));
  if (latest === undefined) return { found: null, ambiguous: [] };
  const same = read.filter(({ release }) => release === latest.release).map(({ tracker }) => tracker);
  return same.length > 1 ? { found: null, ambiguous: same } : { found: latest.tracker, ambiguous: [] };
}
