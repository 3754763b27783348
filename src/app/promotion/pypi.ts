import { sizeText } from '../../domain/size.ts';
import { sealPlan } from '../../domain/plan/plan.ts';
import type { Step } from '../../domain/plan/step.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import { explainUpload, planUploads, uploadSteps } from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import { AFTER_FINAL_GATES } from '../final/after-final.ts';
import { judgeBefore } from '../judge.ts';
import { planning, present, type Planned } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { finalTags } from './final-tags.ts';
import { finalManifest } from './final.ts';
import { publishersOnIndex } from './publishers.ts';
import type { PromoteInput } from './stable.ts';
import { filesOnIndex, uploadFiles, type ToUpload } from './uploads.ts';
import { filesText } from './words.ts';

/** Families of gates that have to be open before the step that cannot be taken back. */
export const PYPI_GATES: readonly string[] = [
  'artifacts-complete',
  'staged',
  'staged-valid',
  'stable-verified',
  ...AFTER_FINAL_GATES,
];

/**
 * Plans the second step of a promotion: the staged wheels to the package index, one after the other, then the final tags and the releases on the forge.
 * It cannot be taken back, so that everything is looked at before: what is there already, limits, names, the window for late files.
 */
export async function promotePypi(app: App, input: PromoteInput): Promise<Result<Planned, AppProblem>> {
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { release } = input;
  const { train, digest } = app.loaded;
  const final = await finalManifest(app, release);
  if (!final.ok) return final;
  const uploads = train.promotion.pypi === null ? succeed(nothingToUpload) : await uploadWork(app, release);
  if (!uploads.ok) return uploads;
  const wave = Math.max(0, ...uploads.value.steps.map((step) => step.wave)) + 1;
  const tags = await finalTags(app, final.value.manifest, wave);
  if (!tags.ok) return tags;
  const steps = [...uploads.value.steps, ...tags.value.steps];
  const { gates } = await judgeBefore(app, release, { step: 'pypi', families: PYPI_GATES });
  const notes = [...uploads.value.notes, ...tags.value.notes];
  const isDone = steps.every(({ kind }) => kind === 'read-back');
  const nothing = `${release} is published: ${notes.join('; ')}. It cannot be published a second time, and cannot be taken back.`;
  if (isDone) return present(app, { kind: 'nothing-to-do', held: [], notes: [] }, { input, gates: [], nothing });
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose: 'pypi',
    title: titleOf(app, final.value, uploads.value.count),
    author: begun.value.author,
    trainDigest: digest,
    gates: gates.map(({ id }) => id),
    assumes: [...tags.value.assumes],
    phrase: `${train.product} ${release}`,
    manifest: final.value.digest,
    approvals: train.promotion.approvals,
    steps,
  });
  return present(app, { kind: 'plan', plan, held: [], notes }, { input, gates, nothing });
}

function titleOf(app: App, { candidate }: RecordedManifest, count: number): string {
  const { pypi } = app.loaded.train.promotion;
  return pypi === null ? `Publish ${candidate}` : `Publish ${candidate}: upload ${filesText(count)} to ${pypi}`;
}

interface Uploads {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  readonly count: number;
}

const nothingToUpload: Uploads = { steps: [], notes: [], count: 0 };

async function uploadWork(app: App, release: ReleaseVersion): Promise<Result<Uploads, AppProblem>> {
  const bound = await uploadFiles(app, release);
  if (!bound.ok) return bound;
  const { channel, place, files } = bound.value;
  const closed = await app.packages.missing({ channel, place });
  if (closed !== null) return refuse({ kind: 'not-allowed', code: 'index-not-writable', text: closed });
  const onIndex = await filesOnIndex(app, bound.value);
  const { lateFileDays } = app.loaded.train.promotion;
  const published = await publisherNotes(app, bound.value);
  const work = planUploads({ files, onIndex, now: app.clock.now(), lateFileDays });
  const problems = work.problems.map((problem): AppProblem => ({
    kind: problem.code === 'upload-other-bytes' ? 'conflict' : 'refused',
    code: problem.code,
    text: explainUpload(problem, channel),
  }));
  return refuseOr(problems, () => ({
    steps: uploadSteps(work, { channel, place, wave: 0 }),
    count: work.todo.length,
    notes: [...notesOf(channel, work), ...published],
  }));
}

/** Who published before, as whoever agrees to the plan should see it; what is wrong there closes the gate `staged-valid`. */
async function publisherNotes(app: App, { channel, files }: ToUpload): Promise<readonly string[]> {
  const told = await publishersOnIndex(app, { channel, projects: files }, app.clock.now());
  if (!told.known) return [`who published earlier releases could not be read: ${told.reason}`];
  return [...told.value.faults, ...told.value.notes];
}

function notesOf(channel: string, { todo, there }: ReturnType<typeof planUploads>): readonly string[] {
  const total = todo.reduce((sum, { size }) => sum + size, 0);
  const [largest] = todo.toSorted((left, right) => right.size - left.size);
  const limit = largest === undefined || largest.fileLimit === null ? '' : ` of ${sizeText(largest.fileLimit)} allowed`;
  return [
    ...(largest === undefined
      ? []
      : [`${filesText(todo.length)}, ${sizeText(total)}; largest ${sizeText(largest.size)}${limit}: ${largest.name}`]),
    ...(there.length === 0 ? [] : [`${filesText(there.length)} of it on ${channel} already, with the staged bytes`]),
    ...(todo.length === 0 ? [] : ['Undo afterwards: yank the whole version only. Files and the version stay.']),
  ];
}
