import type { App } from '../../app/app.ts';
import { changeBranches } from '../../app/change-branches.ts';
import { cutBranches } from '../../app/cut-branches.ts';
import { cutCandidate } from '../../app/cut-candidate.ts';
import { publishIndex } from '../../app/publish-index.ts';
import { openTracker } from '../../app/picks.ts';
import { promotePypi } from '../../app/promotion/pypi.ts';
import { promoteStable } from '../../app/promotion/stable.ts';
import { promoteStage } from '../../app/promotion/stage.ts';
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
    case 'release-only': {
      const planned = valueOf(await changeBranches(app, input));
      return planned.kind === 'planned' ? planned.view.plan : null;
    }
    case 'candidate': {
      const planned = valueOf(await cutCandidate(app, input));
      return planned.kind === 'planned' ? planned.view.plan : null;
    }
    case 'index': {
      const planned = valueOf(await publishIndex(app, { release, dryRun: true, ...indexOf(plan) }));
      return planned.kind === 'planned' ? planned.view.plan : null;
    }
    case 'tracker': {
      const planned = valueOf(await openTracker(app, { release, dryRun: true }));
      return planned.kind === 'planned' ? planned.view.plan : null;
    }
    case 'stage': {
      const planned = valueOf(await promoteStage(app, { release, dryRun: true }));
      return planned.kind === 'planned' ? planned.view.plan : null;
    }
    case 'stable': {
      const planned = valueOf(await promoteStable(app, { release, dryRun: true }));
      return planned.kind === 'planned' ? planned.view.plan : null;
    }
    case 'pypi': {
      const planned = valueOf(await promotePypi(app, { release, dryRun: true }));
      return planned.kind === 'planned' ? planned.view.plan : null;
    }
    case 'cherry-pick':
    case 'undo':
    case 'backup':
    case 'restore':
    case 'repair':
    case 'yank':
      return null;
  }
}

/** What an index was planned for: its channel, and the files that are to go without coming back. */
function indexOf({ body }: Plan): { readonly channel: string; readonly removals: readonly string[] } {
  const pages = body.steps.filter((step) => step.kind === 'publish-page');
  const changes = pages.flatMap(({ change }) => (change.of === 'project' ? [change] : []));
  const gained = new Set(changes.flatMap(({ add }) => add.map(({ name }) => name)));
  const lost = changes.flatMap(({ remove }) => remove.map(({ name }) => name));
  return { channel: pages[0]?.channel ?? 'test', removals: [...new Set(lost)].filter((name) => !gained.has(name)) };
}
