import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import {
  decideTrainFile,
  readTrainFile,
  type EditedFile,
  type TrainFileClosed,
  type TrainFileState,
  type TrainPlace,
  trainPlace,
} from '../../process/01-plan/index.ts';
import { unifiedDiff } from '../../process/04-release-only/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { changeBody } from './body.ts';
import { contradiction } from './checked.ts';
import { differencesOf, differencesText } from './differences.ts';
import { editTrainFiles, type TrainEdit } from './edit-files.ts';
import { trainAt, type TrainAt } from './repo-reader.ts';
import { shownEdits, type ShownEdit } from './shown-edits.ts';

/** A change of the train file, before anybody knows where the file lies. */
export interface TrainChange {
  readonly release: ReleaseVersion;
  /** What it is about, as a part of a branch's name: the same topic has one open pull request at a time. */
  readonly topic: string;
  readonly title: string;
  /** What a reviewer should know, one thing a line; texts of people among it. */
  readonly because: readonly string[];
  /** What is to be written into a train; asked of the train that is loaded, and of the one an open pull request brings. */
  readonly edits: (train: Train) => readonly TrainEdit[];
  /** Whether a train says so already, however it came to. */
  readonly isThere: (train: Train) => boolean;
}

export type ProposedChange = { readonly edits: readonly ShownEdit[] } & (
  | { readonly kind: 'planned'; readonly planned: Planned }
  /** Nothing can be planned: why, and what to do instead. */
  | { readonly kind: 'shown'; readonly why: string }
);

/**
 * Plans the one pull request that brings a change to where the train file lies. What is there must be the train that is loaded here, and what would be there must
 * be a train without mistakes that differs in nothing but the change. Where nothing can be planned there, the change is shown with the reason.
 */
export async function proposeTrainChange(
  app: App,
  input: PlanInput,
  change: TrainChange,
): Promise<Result<ProposedChange, AppProblem>> {
  const { train } = app.loaded;
  const edits = shownEdits(train, change.edits(train));
  const place = trainPlace(train);
  if ('why' in place) return succeed({ kind: 'shown', edits, why: place.why });
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const now = app.clock.now();
  const read = await readTrainFile({ place, topic: change.topic, git: app.git, forge: app.forge, now });
  if (!read.known) {
    const text = `${read.source} could not be read: ${read.reason}. Nothing is planned on what is not known.`;
    return refuse({ kind: 'no-data', code: 'train-file-unread', text });
  }
  const state = read.value;
  const there = await standsThere(app, change, { git: app.git, place, commit: state.base.id });
  if (!there.ok) return there;
  if (there.value === 'done') {
    const nothing = `${place.slug} says so at ${place.branch} already. Bring that train file here, where it is not yet.`;
    const planned = await present(app, { kind: 'nothing-to-do', held: [], notes: [] }, { input, gates: [], nothing });
    return planned.ok ? succeed({ kind: 'planned', edits, planned: planned.value }) : planned;
  }
  const files = await wantedFiles(app, change, { place, state });
  if (!files.ok) return files;
  const body = changeBody({ release: change.release, because: change.because, edits });
  const decided = decideTrainFile({
    train,
    trainDigest: app.loaded.digest,
    author: begun.value.author,
    place,
    state,
    change: { release: change.release, title: change.title, body, files: files.value },
  });
  if (!decided.ok)
    return refuseWith(decided.problems, { explain: explainClosed, kindOf: (): ProblemKind => 'conflict' });
  const answer = decided.value;
  const nothing = answer.kind === 'plan' ? '' : `#${answer.pull} is open and brings it: ${answer.link}`;
  const documents = files.value.map(({ path, before, after }) => ({
    title: path,
    text: unifiedDiff(path, before, after),
  }));
  const planned = await present(app, { ...answer, held: [], notes: [], documents }, { input, gates: [], nothing });
  return planned.ok ? succeed({ kind: 'planned', edits, planned: planned.value }) : planned;
}

function explainClosed({ number, link }: TrainFileClosed): string {
  return `The pull request #${number} of this change was closed without merging (${link}). Signalbox does not open it again against people: reopen it, or change the file by hand.`;
}

/** Whether the branch that counts has the change already, or is the train that is loaded here; anything else is refused with what differs. */
async function standsThere(app: App, change: TrainChange, at: TrainAt): Promise<Result<'done' | 'open', AppProblem>> {
  const there = await trainAt(at);
  if (!there.ok) return refuse(brokenProblem(at, at.place.branch, there.problems));
  if (change.isThere(there.value.train)) return succeed('done');
  const differences = differencesOf(there.value.train, app.loaded.train);
  if (differences.length === 0) return succeed('open');
  const words = { before: 'there', after: 'here' };
  const text = `The train file at ${at.place.slug} (${at.place.branch}) is not the one this was asked with: ${differencesText(differences, words)}. Bring the one from there here, or take this one there; then ask again.`;
  return refuse({ kind: 'conflict', code: 'train-file-changed', text });
}

function brokenProblem({ place }: TrainAt, where: string, mistakes: readonly string[]): AppProblem {
  const more = mistakes.length > 1 ? `, and ${mistakes.length - 1} more` : '';
  const text = `The train file at ${place.slug} (${where}) has mistakes: ${mistakes[0] ?? ''}${more}. Mend them there first; nothing is planned on it.`;
  return { kind: 'conflict', code: 'train-file-broken', text };
}

/** What the branch of the pull request lacks; nothing where it has the change. */
async function wantedFiles(
  app: App,
  change: TrainChange,
  { place, state }: { readonly place: TrainPlace; readonly state: TrainFileState },
): Promise<Result<readonly EditedFile[], AppProblem>> {
  const at: TrainAt = { git: app.git, place, commit: (state.headAt ?? state.base).id };
  const before = await trainAt(at);
  if (!before.ok) return refuse(brokenProblem(at, state.head, before.problems));
  if (state.headAt !== null && change.isThere(before.value.train)) return succeed([]);
  const edits = change.edits(before.value.train);
  const files = await editTrainFiles(at, edits);
  if (!files.ok) return refuse({ kind: 'conflict', code: 'cannot-edit', text: files.problems[0] });
  const after = await trainAt(at, new Map(files.value.map(({ path, after: text }) => [path, text])));
  if (!after.ok) return refuse(contradiction(after.problems));
  const others = differencesOf(before.value.train, after.value.train).filter(
    ({ path }) => !edits.some((edit) => edit.path.every((part, index) => index >= path.length || path[index] === part)),
  );
  if (others.length === 0 && change.isThere(after.value.train)) return succeed(files.value);
  const words = { before: 'before', after: 'afterwards' };
  const why =
    others.length > 0
      ? `something else would change with it: ${differencesText(others, words)}`
      : 'what is inherited would still say otherwise';
  const text = `The train file at ${place.slug} cannot be edited for this: ${why}. Change it by hand.`;
  return refuse({ kind: 'conflict', code: 'cannot-edit', text });
}
