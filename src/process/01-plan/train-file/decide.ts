import type { Digest } from '../../../domain/canonical-json.ts';
import { branchRef, type ObjectId } from '../../../domain/git-names.ts';
import { sealPlan, type Plan } from '../../../domain/plan/plan.ts';
import { openPullStep, pushCommitStep } from '../../../domain/plan/proposal-steps.ts';
import type { OpenPullRequestStep, PushCommitStep, Step } from '../../../domain/plan/step.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { TrainPlace } from './place.ts';
import type { TrainFileState } from './read.ts';

/** One file beside the train file as it is and as it is to be; `blob` null for one that is not there yet. */
export interface EditedFile {
  readonly path: string;
  readonly mode: '100644' | '100755';
  readonly blob: ObjectId | null;
  readonly before: string;
  readonly after: string;
}

/** A change of the train file that is ready to be proposed. */
export interface TrainFileChange {
  readonly release: ReleaseVersion;
  readonly title: string;
  /** What a reviewer reads, as Markdown. */
  readonly body: string;
  /** What the branch of the pull request lacks: on top of what it has, or of the branch that counts where there is none. */
  readonly files: readonly EditedFile[];
}

/** Why the pull request is not planned. */
export interface TrainFileClosed {
  readonly code: 'pull-request-closed';
  readonly number: number;
  readonly link: string;
}

export type TrainFileAnswer =
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** The pull request is open and brings it. */
  | { readonly kind: 'nothing-to-do'; readonly pull: number; readonly link: string };

export interface TrainFileRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly author: string;
  readonly place: TrainPlace;
  readonly state: TrainFileState;
  readonly change: TrainFileChange;
}

/** The plan of the one pull request of a change: a commit on a branch of its own, on top of it where it is open and lacks something. */
export function decideTrainFile(request: TrainFileRequest): Result<TrainFileAnswer, TrainFileClosed> {
  const { train, place, state, change } = request;
  const { pull } = state;
  if (pull?.state === 'closed') return refuse({ code: 'pull-request-closed', number: pull.number, link: pull.link });
  if (pull?.state === 'open' && change.files.length === 0)
    return succeed({ kind: 'nothing-to-do', pull: pull.number, link: pull.link });
  const steps: Step[] = [
    ...(change.files.length === 0 ? [] : [pushStep(request)]),
    ...(pull?.state === 'open' ? [] : [openStep(request)]),
  ];
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release: change.release,
    purpose: 'train-file',
    title: change.title,
    author: request.author,
    trainDigest: request.trainDigest,
    gates: [],
    assumes: [{ repo: place.repo, remote: place.remote, ref: branchRef(place.branch), at: state.base.id }],
    phrase: null,
    steps: steps.map((step) => ({ ...step, wave: step.wave - (steps[0]?.wave ?? 0) })),
  });
  return succeed({ kind: 'plan', plan });
}

function pushStep({ train, place, state, change }: TrainFileRequest): PushCommitStep {
  return pushCommitStep({
    repo: place.repo,
    remote: place.remote,
    base: place.branch,
    head: state.head,
    headAt: state.headAt,
    baseAt: state.base,
    files: change.files.map(({ path, mode, blob, after }) => ({ path, mode, before: blob, after })),
    message: `${change.title}\n`,
    author: train.committer,
  });
}

function openStep({ place, state, change }: TrainFileRequest): OpenPullRequestStep {
  const { repo, slug, branch: base } = place;
  return openPullStep({ repo, slug, head: state.head, base, title: change.title, body: change.body });
}
