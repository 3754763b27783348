import type { ObjectId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import type { Job } from '../domain/jobs.ts';
import type { State } from '../domain/state.ts';
import { ago } from '../domain/time-text.ts';
import type { CandidateVersion } from '../domain/version.ts';
import type { RepoStanding } from './standing.ts';
import type { ReleaseStatus } from './status.ts';

/** One repository of a release in the words of the table. */
export interface RepoState {
  readonly repo: string;
  readonly branch: string;
  readonly commit: ObjectId | null;
  readonly candidate: CandidateVersion | null;
  readonly ci: { readonly state: State; readonly text: string };
  readonly owners: readonly string[];
  /** Why the repository could not be read; null when it was. */
  readonly unreadable: string | null;
}

export function repoStates(status: ReleaseStatus): readonly RepoState[] {
  return status.repos.map((standing) => {
    const { repo, refs } = standing;
    return {
      repo: repo.key,
      branch: repo.branch,
      commit: refs.known ? refs.value.branch : null,
      candidate: refs.known ? (refs.value.candidates[0]?.candidate ?? null) : null,
      ci: ciOf(standing, status.at),
      owners: repo.entry.owners,
      unreadable: refs.known ? null : refs.reason,
    };
  });
}

function ciOf({ refs, jobs }: RepoStanding, now: Instant): RepoState['ci'] {
  if (!refs.known) return { state: 'no-data', text: `no data ${ago(refs.at, now)}` };
  if (refs.value.branch === null) return { state: 'queued', text: 'not cut' };
  if (jobs === null) return { state: 'skipped', text: 'no forge' };
  if (!jobs.known) return { state: 'no-data', text: 'no data' };
  const counted = jobs.value.filter((job) => job.state !== 'skipped');
  if (counted.length === 0) return { state: 'no-data', text: 'no jobs' };
  const is = (...states: readonly Job['state'][]): number => counted.filter((job) => states.includes(job.state)).length;
  const text = `${is('green')}/${counted.length}`;
  if (is('red', 'cancelled') > 0) return { state: 'failing', text };
  if (is('needs-action') > 0) return { state: 'needs-you', text };
  if (is('running') > 0) return { state: 'running', text };
  return { state: is('queued') > 0 ? 'queued' : 'pass', text };
}

/** The phase a release is in, `release candidates, rc2`: the furthest that is under way, or the first that is not behind. */
export function phaseText(status: Pick<ReleaseStatus, 'phases'>, states: readonly RepoState[]): string {
  const current =
    status.phases.findLast(({ state }) => state === 'running') ?? status.phases.find(({ state }) => state !== 'pass');
  const newest = states.find((repo) => repo.candidate !== null)?.candidate;
  const words = {
    Prepare: 'prepare',
    'Branch cut': 'branch cut',
    RCs: 'release candidates',
    'Final RC': 'final RC',
    Promote: 'promote',
    'Release day': 'release day',
  } as const;
  const name = current === undefined ? 'done' : words[current.phase];
  return newest === undefined || newest === null ? name : `${name}, rc${newest.split('-rc')[1] ?? ''}`;
}
