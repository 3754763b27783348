import { z } from 'zod';
import { changeBranches } from '../app/change-branches.ts';
import { cutBranches } from '../app/cut-branches.ts';
import { cutCandidate } from '../app/cut-candidate.ts';
import { waiveGate } from '../app/gates.ts';
import type { Planned, PlanInput } from '../app/planned.ts';
import { approvePlan } from '../app/plans.ts';
import { createRelease } from '../app/releases.ts';
import type { App } from '../app/app.ts';
import type { AppProblem } from '../app/problem.ts';
import { addSeconds } from '../domain/instant.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { Result } from '../domain/result.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { approveAndMergePull, closeIssue, finishBuilds, finishChecks, type Sandbox } from '../sandbox/index.ts';
import type { CrashWorld } from './crash-world.ts';

export const RELEASE_2_8 = ReleaseVersion.parse('2.8.0');
const OWNER = 'pytorch';

/** A plan of the story with what else its `apply` needs. */
export interface StoryPlan {
  readonly name: string;
  readonly plan: Plan;
  readonly confirmation: string | null;
}

type PlanUseCase = (
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
) => Promise<Result<Planned, AppProblem>>;

/**
 * The plans of the rehearsal, one after the other, each made when the ones before were carried out (by the caller, before asking for the next):
 * people do between them what they do in the rehearsal. `from` is the first plan of a world that was made ready before.
 */
export async function* storyPlans(
  world: CrashWorld,
  begun: { readonly from?: Plan } = {},
): AsyncGenerator<StoryPlan, void, void> {
  if (begun.from === undefined) await makeReady(world);
  yield { name: 'cut_core', plan: begun.from ?? (await planned(world, cutBranches)), confirmation: null };
  yield { name: 'changes_core', plan: await planned(world, changeBranches), confirmation: null };
  await mergeAll(world.sandbox(), ['test-infra', 'pytorch']);
  yield await candidate(world, 'tag_core');
  await finishBuilds(world.sandbox(), { owner: OWNER, name: 'pytorch', tag: `v${RELEASE_2_8}-rc1` });
  await waive(world, 'core-rc-staged', 'builds of this story upload nothing');
  yield { name: 'cut_domains', plan: await planned(world, cutBranches), confirmation: null };
  yield { name: 'changes_domains', plan: await planned(world, changeBranches), confirmation: null };
  await mergeAll(world.sandbox(), ['vision', 'audio']);
  yield await candidate(world, 'tag_domains');
}

/** Everything that must be green before the cut is, or is waived. */
export async function makeReady(world: CrashWorld): Promise<void> {
  const sandbox = world.sandbox();
  await world.as('ada-rm', async (app) => granted(await createRelease(app, RELEASE_2_8)));
  for (const number of await openIssues(sandbox, RELEASE_2_8)) {
    await closeIssue(sandbox, { owner: OWNER, name: 'pytorch', number, by: 'gita-r' });
  }
  await finishChecks(sandbox, { owner: OWNER, name: 'vision', ref: 'heads/nightly' });
  await waive(world, 'nightlies-green:audio', 'the macOS machine is down');
  // The issues were closed by hand, without a change that a proof could find.
  await waive(world, 'fixes-present', 'these issues needed no change');
}

async function waive(world: CrashWorld, gate: string, reason: string): Promise<void> {
  const until = addSeconds(world.clock.now(), 7 * 24 * 60 * 60);
  await world.as('bruno-rm', async (app) =>
    granted(await waiveGate(app, { release: RELEASE_2_8, gate, reason, until })),
  );
}

/** The plan that ada, a release manager, gets from a use case now. */
export async function planned(world: CrashWorld, useCase: PlanUseCase): Promise<Plan> {
  return world.as('ada-rm', async (app) => {
    const answer = granted(await useCase(app, { release: RELEASE_2_8, dryRun: false }));
    if (answer.kind !== 'planned') throw new Error(`there is nothing to plan: ${answer.why}`);
    return answer.view.plan;
  });
}

async function candidate(world: CrashWorld, name: string): Promise<StoryPlan> {
  const plan = await planned(world, cutCandidate);
  for (const login of ['bruno-rm', 'cleo-core']) {
    await world.as(login, async (app) => granted(await approvePlan(app, plan.id)));
  }
  return { name, plan, confirmation: plan.body.phrase };
}

/** The value, or the problems as a failure of the test. */
export function granted<Value>(result: Result<Value, AppProblem>): Value {
  if (!result.ok) throw new Error(result.problems.map(({ code, text }) => `${code}: ${text}`).join('\n'));
  return result.value;
}

const Numbered = z.array(z.object({ number: z.number(), title: z.string(), pull_request: z.unknown().optional() }));

async function read(sandbox: Sandbox, path: string): Promise<z.infer<typeof Numbered>> {
  const answer = await fetch(`${sandbox.apiUrl}${path}`, {
    headers: { authorization: `Bearer ${sandbox.tokens['ci-bot'] ?? ''}` },
  });
  return Numbered.parse(await answer.json());
}

async function openIssues(sandbox: Sandbox, title: string): Promise<readonly number[]> {
  const base = `/repos/${OWNER}/pytorch`;
  const found = (await read(sandbox, `${base}/milestones?state=open&per_page=100`)).find((one) => one.title === title);
  const issues = await read(sandbox, `${base}/issues?milestone=${found?.number ?? 'none'}&state=open&per_page=100`);
  return issues.filter((issue) => issue.pull_request === undefined).map(({ number }) => number);
}

/** Reviewers merge every open pull request of these repositories. */
export async function mergeAll(sandbox: Sandbox, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const open = await read(sandbox, `/repos/${OWNER}/${name}/pulls?state=open&per_page=100`);
    for (const { number } of open.toSorted((left, right) => left.number - right.number)) {
      await approveAndMergePull(sandbox, { owner: OWNER, name, number, by: 'bruno-rm' });
    }
  }
}
