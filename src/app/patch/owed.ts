import type { Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decideAsk } from '../../process/10-patch/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { readOwed } from './read-owed.ts';

/** Plans to ask each author once for the pick that is missing. */
export async function planAsk(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const { train, digest } = app.loaded;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const facts = await readOwed(app, release);
  const request = { train, trainDigest: digest, author: begun.value.author, now: app.clock.now() };
  const nothing =
    facts.owed.length === 0
      ? `Nobody owes a pick for ${release}${facts.unread.length === 0 ? '' : ', as far as could be read'}.`
      : `Nobody is left to ask for ${release}.`;
  return present(app, decideAsk(facts, request), { input, gates: [], nothing });
}
