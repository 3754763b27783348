import { BranchName, branchRef, type ObjectId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, type Observed } from '../../../domain/observation.ts';
import type { Forge, PullRequest } from '../../../ports/forge.ts';
import type { Git, GitCommit } from '../../../ports/git.ts';
import type { TrainPlace } from './place.ts';

/** The branch that holds the train file, and the pull request that changes it, if there is one. */
export interface TrainFileState {
  readonly base: GitCommit;
  /** Branch for the commit: a number is added after a pull request from it was merged. */
  readonly head: BranchName;
  readonly headAt: GitCommit | null;
  readonly pull: PullRequest | null;
}

export interface TrainFilePorts {
  readonly place: TrainPlace;
  /** What the change is about, as a part of a branch's name: `calendar-2.9`. The same topic has one open pull request at a time. */
  readonly topic: string;
  readonly git: Git;
  readonly forge: Forge | null;
  readonly now: Instant;
}

/** Reads where the train file lies; both branches are fetched. */
export async function readTrainFile(ports: TrainFilePorts): Promise<Observed<TrainFileState>> {
  return observe(`${ports.place.slug} (git and forge)`, ports.now, () => readState(ports));
}

async function readState(ports: TrainFilePorts): Promise<TrainFileState> {
  const { git, place } = ports;
  const { head, pull } = await readPulls(ports);
  const [baseRef, headRef] = [branchRef(place.branch), branchRef(head)];
  const refs = await git.remoteRefs(place, [baseRef, headRef]);
  const idOf = (name: string): ObjectId | null => refs.find(({ ref }) => ref === name)?.id ?? null;
  const [baseId, headId] = [idOf(baseRef), idOf(headRef)];
  if (baseId === null) throw new CannotReadError('not-found', `it has no branch ${place.branch}`);
  await git.fetch(place, headId === null ? [baseRef] : [baseRef, headRef]);
  const [base, headAt] = await Promise.all([
    git.commit(place, baseId),
    headId === null ? null : git.commit(place, headId),
  ]);
  return { base, head, headAt, pull };
}

async function readPulls({ place, topic, forge }: TrainFilePorts): Promise<Pick<TrainFileState, 'head' | 'pull'>> {
  if (forge === null) throw new CannotReadError('not-signed-in', `nobody is signed in to the forge of ${place.slug}`);
  for (let attempt = 1; ; attempt += 1) {
    const head = BranchName.parse(`signalbox/train/${topic}${attempt === 1 ? '' : `-${attempt}`}`);
    const pulls = await forge.pulls.find(place.slug, { head, base: place.branch });
    const open = pulls.find(({ state }) => state === 'open');
    if (open !== undefined || !pulls.some(({ state }) => state === 'merged'))
      return { head, pull: open ?? pulls[0] ?? null };
  }
}

/** Something of the world is not there, or cannot be asked: told as what could not be read. */
class CannotReadError extends Error {
  readonly code: 'not-found' | 'not-signed-in';
  constructor(code: CannotReadError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
