import type { App } from '../../app/app.ts';
import { cutBranches } from '../../app/cut-branches.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { valueOf } from '../refusal.ts';

/** The plan for the same purpose as the world is now, not written down; null where nothing is left to plan. */
export async function planAgain(app: App, plan: Plan): Promise<Plan | null> {
  const { release, purpose } = plan.body;
  const repos = [...new Set(plan.body.steps.map((step) => step.repo))];
  const [only] = repos;
  const input = { release, dryRun: true, ...(repos.length === 1 && only !== undefined ? { repo: only } : {}) };
  switch (purpose) {
    case 'cut': {
      const planned = valueOf(await cutBranches(app, input));
      return planned.kind === 'planned' ? planned.view.plan : null;
    }
    case 'release-only':
    case 'candidate':
    case 'undo':
      return null;
  }
}
