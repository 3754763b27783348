import type { LedgerEntry } from '../domain/ledger-event.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { compareVersions, releaseOf, type CandidateVersion, type ReleaseVersion } from '../domain/version.ts';
import { abandoned, type Decision } from '../engine/fold-decisions.ts';
import { foldManifests, manifestFor } from '../engine/fold-manifests.ts';
import type { App } from './app.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { requireRelease, requireRole } from './releases.ts';
import { readStanding } from './standing.ts';

export interface AbandonInput {
  readonly release: ReleaseVersion;
  /** Null to abandon the whole release. */
  readonly candidate: CandidateVersion | null;
  readonly reason: string;
}

/** What was abandoned, by whom, and whether it was before. */
export interface AbandonAnswer extends Decision {
  readonly what: ReleaseVersion | CandidateVersion;
  readonly isNew: boolean;
}

/** What has to be typed: nothing brings back what was abandoned. */
export function abandonPhrase({ release, candidate }: Omit<AbandonInput, 'reason'>): string {
  return `abandon ${candidate ?? release}`;
}

/** Abandons a release or a candidate for ever: nothing is planned or carried out with it again, but taking back. A release manager's decision. */
export async function abandon(
  app: App,
  { release, candidate, reason }: AbandonInput,
): Promise<Result<AbandonAnswer, AppProblem>> {
  const what = candidate ?? release;
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) {
    await record(app, { type: 'refused', release, what: `release abandon ${what}`, reason: allowed.problems[0].text });
    return allowed;
  }
  const known = await requireRelease(app, release);
  if (!known.ok) return known;
  const entries = await entriesOf(app, release);
  const before = decisionOn(entries, what);
  if (before !== null) return succeed({ what, ...before, isNew: false });
  const missing = candidate === null ? null : await missingCandidate(app, entries, candidate);
  if (missing !== null) return refuse(missing);
  await record(
    app,
    candidate === null
      ? { type: 'release-abandoned', release, reason }
      : { type: 'candidate-abandoned', release, candidate, reason },
  );
  const after = decisionOn(await entriesOf(app, release), what);
  if (after === null) throw new Error(`${what} was abandoned and that cannot be read back`);
  return succeed({ what, ...after, isNew: true });
}

function decisionOn(entries: readonly LedgerEntry[], what: AbandonAnswer['what']): Decision | null {
  const { releases, candidates } = abandoned(entries);
  return new Map<string, Decision>([...releases, ...candidates]).get(what) ?? null;
}

/** A number that was never given is not abandoned: it would be lost for ever by a slip of the hand. */
async function missingCandidate(
  app: App,
  entries: readonly LedgerEntry[],
  candidate: CandidateVersion,
): Promise<AppProblem | null> {
  if (manifestFor(foldManifests(entries), candidate) !== null) return null;
  const standings = await readStanding(app, releaseOf(candidate));
  const core = standings.filter(({ repo }) => repo.entry.role === 'core');
  const tags = core.flatMap(({ refs }) => (refs.known ? refs.value.candidates : []));
  if (tags.some((tag) => compareVersions(tag.candidate, candidate) === 0)) return null;
  const unread = core.flatMap(({ refs }) => (refs.known ? [] : [refs.reason]));
  const see = `List them: signalbox rc list ${releaseOf(candidate)}`;
  return unread.length > 0
    ? {
        kind: 'no-data',
        code: 'tags-unknown',
        text: `It is not known whether there is a ${candidate}: ${unread.join('; ')}. ${see}`,
      }
    : { kind: 'usage', code: 'candidate-unknown', text: `There is no candidate ${candidate}. ${see}` };
}
