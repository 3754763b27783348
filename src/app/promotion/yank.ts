import { sealPlan } from '../../domain/plan/plan.ts';
import { refuse, type Result } from '../../domain/result.ts';
import { yankStep } from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { filesOnIndex, uploadFiles } from './uploads.ts';
import type { PromoteInput } from './stable.ts';

export interface YankInput extends PromoteInput {
  readonly reason: string;
  /** Only these packages; all of the release otherwise. */
  readonly packages: readonly string[];
}

/** Plans to take a published release out of use on the package index: the only undo there is, and its files stay. */
export async function yankRelease(app: App, input: YankInput): Promise<Result<Planned, AppProblem>> {
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const bound = await uploadFiles(app, input.release);
  if (!bound.ok) return bound;
  const { channel, place, files } = bound.value;
  const known = new Map(files.map(({ repo, project, version }) => [project, { repo, project, version }]));
  const strange = input.packages.find((name) => !known.has(name));
  if (strange !== undefined) {
    return refuse({
      kind: 'usage',
      code: 'yank-unknown',
      text: `${input.release} has no package ${strange} on ${channel}; it has: ${[...known.keys()].join(', ')}.`,
    });
  }
  const onIndex = await filesOnIndex(app, bound.value);
  const wanted = [...known.values()].filter(
    ({ project }) => input.packages.length === 0 || input.packages.includes(project),
  );
  const todo = wanted.filter(({ project }) => onIndex.some((file) => file.project === project && file.yanked === null));
  const nothing = `Nothing of ${input.release} on ${channel} is in use.`;
  const beside = { held: [], notes: [] };
  if (todo.length === 0) return present(app, { kind: 'nothing-to-do', ...beside }, { input, gates: [], nothing });
  const { train, digest } = app.loaded;
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release: input.release,
    purpose: 'yank',
    title: `Yank ${todo.map(({ project, version }) => `${project} ${version}`).join(', ')} on ${channel}`,
    author: begun.value.author,
    trainDigest: digest,
    gates: [],
    assumes: [],
    phrase: null,
    approvals: train.promotion.approvals,
    steps: todo.map((each) => yankStep({ ...each, reason: input.reason }, { channel, place, wave: 0 })),
  });
  return present(app, { kind: 'plan', plan, ...beside }, { input, gates: [], nothing });
}
