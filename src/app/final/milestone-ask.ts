import { refuse, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { planAsks } from '../../process/07-finalize/milestone/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { milestoneFacts } from './milestone.ts';
import { noRule } from './validate-item.ts';

/** Plans to ask the author of each closed item that nobody validated, once for each release. */
export async function askAuthors(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { train, digest } = app.loaded;
  const rule = train.final.milestone;
  const facts = await milestoneFacts(app, release);
  if (rule === undefined || facts === null) return refuse(noRule());
  const { candidate, milestones, items } = facts;
  if (candidate === null) {
    const text = `An item is validated on a candidate, and none of ${release} was recorded. Record its files: signalbox artifact record ${release}-rcN`;
    return refuse({ kind: 'refused', code: 'manifest-missing', text });
  }
  const held = milestones.flatMap(({ repo, items: read }) =>
    read.known ? [] : [{ repo, reason: read.reason, fix: null }],
  );
  const login = app.forge === null ? begun.value.author : await app.forge.people.whoami();
  const plan = planAsks(milestones, items, {
    train,
    trainDigest: digest,
    rule,
    release,
    candidate,
    author: begun.value.author,
    login,
  });
  const beside = { held, notes: [] };
  const nothing = `Nobody is left to ask: every closed item of ${release} that could be read was validated, or its author was asked before.`;
  return present(app, plan === null ? { kind: 'nothing-to-do', ...beside } : { kind: 'plan', plan, ...beside }, {
    input,
    gates: [],
    nothing,
  });
}
