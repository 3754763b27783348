import type { Plan } from '../domain/plan/plan.ts';
import { succeed, type Result } from '../domain/result.ts';
import type { App } from './app.ts';
import { proposeGetStarted } from './announce/get-started.ts';
import { sendAsk } from './asks/act.ts';
import { changeBranches } from './change-branches.ts';
import { cutBranches } from './cut-branches.ts';
import { cutCandidate } from './cut-candidate.ts';
import { askAuthors } from './final/milestone-ask.ts';
import { openValidation } from './final/validation-open.ts';
import { planAsk } from './patch/owed.ts';
import { planMilestones } from './patch/triage.ts';
import { openTracker } from './picks.ts';
import type { Planned } from './planned.ts';
import type { AppProblem } from './problem.ts';
import { promotePypi } from './promotion/pypi.ts';
import { promoteStable } from './promotion/stable.ts';
import { promoteStage } from './promotion/stage.ts';
import { publishIndex } from './publish-index.ts';

/** Whether a plan of this purpose can be made again by itself, to be compared with. */
export function canBePlannedAgain({ body }: Plan): boolean {
  return !['cherry-pick', 'retry', 'train-file', 'undo', 'backup', 'restore', 'repair', 'yank'].includes(body.purpose);
}

/** The plan for the same purpose as the world is now, not written down; null where nothing is left to plan. */
export async function planAgain(app: App, plan: Plan): Promise<Result<Plan | null, AppProblem>> {
  const planned = await plannedNow(app, plan);
  if (planned === null) return succeed(null);
  if (!planned.ok) return planned;
  return succeed(planned.value.kind === 'planned' ? planned.value.view.plan : null);
}

async function plannedNow(app: App, plan: Plan): Promise<Result<Planned, AppProblem> | null> {
  const { release, purpose } = plan.body;
  const repos = [...new Set(plan.body.steps.map((step) => step.repo))];
  const [only] = repos;
  const dry = { release, dryRun: true } as const;
  const input = { ...dry, ...(repos.length === 1 && only !== undefined ? { repo: only } : {}) };
  switch (purpose) {
    case 'cut':
      return cutBranches(app, input);
    case 'release-only':
      return changeBranches(app, input);
    case 'candidate':
      return cutCandidate(app, input);
    case 'index':
      return publishIndex(app, { ...dry, ...indexOf(plan) });
    case 'validation-asks':
      return askAuthors(app, dry);
    case 'validation':
      return openValidation(app, dry);
    case 'patch':
      return planMilestones(app, dry);
    case 'owed':
      return planAsk(app, dry);
    case 'tracker':
      return openTracker(app, dry);
    case 'stage':
      return promoteStage(app, dry);
    case 'stable':
      return promoteStable(app, dry);
    case 'pypi':
      return promotePypi(app, dry);
    case 'get-started':
      return proposeGetStarted(app, dry);
    case 'ask':
      return askAgain(app, plan);
    case 'cherry-pick':
    case 'retry':
    case 'train-file':
    case 'undo':
    case 'backup':
    case 'restore':
    case 'repair':
    case 'yank':
      return null;
  }
}

/** The ask that was planned, by the marker of its issue. */
async function askAgain(app: App, { body }: Plan): Promise<Result<Planned, AppProblem> | null> {
  const [step] = body.steps;
  const ask = step?.kind === 'create-issue' ? step.marker.split(' ')[1] : undefined;
  return ask === undefined ? null : sendAsk(app, { release: body.release, ask, dryRun: true });
}

/** What an index was planned for: its channel, and the files that are to go without coming back. */
function indexOf({ body }: Plan): { readonly channel: string; readonly removals: readonly string[] } {
  const pages = body.steps.filter((step) => step.kind === 'publish-page');
  const changes = pages.flatMap(({ change }) => (change.of === 'project' ? [change] : []));
  const gained = new Set(changes.flatMap(({ add }) => add.map(({ name }) => name)));
  const lost = changes.flatMap(({ remove }) => remove.map(({ name }) => name));
  return { channel: pages[0]?.channel ?? 'test', removals: [...new Set(lost)].filter((name) => !gained.has(name)) };
}
