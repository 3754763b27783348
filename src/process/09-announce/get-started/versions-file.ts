import { refuse, succeed, type Result } from '../../../domain/result.ts';
import { compareVersions, ReleaseVersion } from '../../../domain/version.ts';
import { entryOf, type NewEntry } from './entry.ts';
import { membersOf, readWholeJson, rewritten, type JsonNode, type NewJson } from './json-text.ts';
import { installFor, type StartFacts } from './offers.ts';
import type { StartProblem } from './problem.ts';
import type { Slot } from './slots.ts';

/** The file of the page with every release's commands, as it was and as it is to be. */
export interface VersionsFile {
  readonly text: string;
  readonly entry: NewEntry['entry'];
  /** Whether the release is what the page calls stable, from now on or already. */
  readonly isLatest: boolean;
  readonly left: readonly string[];
}

/**
 * The page's file with the entry of a release, new or refreshed, and with `latest_stable` on it unless a newer release is there (DAY-02). Everything else keeps
 * its very characters.
 */
export function versionsFile(
  text: string,
  facts: StartFacts,
  slots: readonly Slot[],
): Result<VersionsFile, StartProblem> {
  const file = facts.settings.versions;
  const read = readWholeJson(text);
  if (!read.ok) return refuse({ code: 'not-json', file, ...read.problems[0] });
  const top = membersOf(read.value);
  const releases = membersOf(top?.get('versions'));
  const latest = top?.get('latest_stable');
  if (top === null || releases === null)
    return refuse({ code: 'not-the-shape', file, what: 'it has no object "versions" with an entry for each release' });
  if (latest?.kind !== 'text') return refuse({ code: 'not-the-shape', file, what: 'it has no text "latest_stable"' });
  const systems = Object.keys(facts.settings.systems);
  if (!systems.some((system) => slots.some((slot) => installFor(facts, system, slot) !== null)))
    return refuse({ code: 'nothing-built', release: facts.release });
  const old = releases.get(facts.release);
  const base = old ?? releases.get('preview') ?? releases.get(latest.value);
  const { entry, left } = entryOf({ facts, slots, base, isRefresh: old !== undefined });
  const isLatest = isNotOlder(facts.release, latest.value);
  const next = new Map<string, NewJson>(top);
  if (isLatest) next.set('latest_stable', facts.release);
  next.set('versions', new Map<string, NewJson>([...releases, [facts.release, entry]]));
  return succeed({ text: rewritten(text, read.value, next), entry, isLatest, left });
}

/** What stands there may be no release, `lts-1.8.2`: then it is older than any. */
function isNotOlder(release: ReleaseVersion, latest: string): boolean {
  const known = ReleaseVersion.safeParse(latest);
  return !known.success || compareVersions(release, known.data) >= 0;
}

/** The release that the page's file calls stable, and whether it has an entry of this one; null where the file is not as it has to be. */
export function shownIn(
  text: string,
  release: ReleaseVersion,
): { readonly latest: string; readonly hasEntry: boolean } | null {
  const read = readWholeJson(text);
  const top: ReadonlyMap<string, JsonNode> | null = read.ok ? membersOf(read.value) : null;
  const latest = top?.get('latest_stable');
  const releases = membersOf(top?.get('versions'));
  if (latest?.kind !== 'text' || releases === null) return null;
  return { latest: latest.value, hasEntry: releases.has(release) };
}
