import type { Gate } from '../domain/gate.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import { takesBack, type Plan } from '../domain/plan/plan.ts';
import { RepoKey } from '../domain/repo.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { App } from './app.ts';
import { closedOf } from './judge.ts';
import { abandonmentOfPlan } from '../engine/abandonment.ts';
import { refuseByEngine } from './engine-problem.ts';
import { goodUntil, savePlan, viewOf, type PlanView } from './plans.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf } from './record.ts';
import { repoNamed } from './repo-named.ts';
import { requireRole } from './releases.ts';

export { repoNamed } from './repo-named.ts';

/** A repository that is not in the plan, why, and what would change that. */
export interface Held {
  readonly repo: string;
  readonly reason: string;
  readonly fix: string | null;
}

/** What a command that changes something answers: the plan of it, or that nothing is to be done. */
export type Planned = (
  | {
      readonly kind: 'planned';
      readonly view: PlanView;
      /** The plan's gates as they are now. */
      readonly gates: readonly Gate[];
      /** Whether the plan was written down: a dry run leaves no trace. */
      readonly saved: boolean;
      /** What the plan would open, to be read before: the text of each pull request with its diff. */
      readonly documents: readonly { readonly title: string; readonly text: string }[];
    }
  | { readonly kind: 'nothing-to-do'; readonly why: string }
) & { readonly held: readonly Held[]; readonly notes: readonly string[] };

/** What a stage answers that plans something. */
type Decided = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) & {
  readonly held: readonly Held[];
  readonly notes: readonly string[];
  readonly documents?: readonly { readonly title: string; readonly text: string }[];
};

/** How a plan is asked for. */
export interface PlanInput {
  /** The one repository to plan for, by its name in the train; all that can be otherwise. */
  readonly repo?: string;
  /** Only show: nothing is written down. */
  readonly dryRun: boolean;
}

/**
 * The plan, written down unless it was only asked to be shown, or one of its gates is closed: then nothing is, and the gates are named. With what was
 * abandoned nothing is even shown.
 */
export async function present(
  app: App,
  decided: Decided,
  { input, gates, nothing }: { readonly input: PlanInput; readonly gates: readonly Gate[]; readonly nothing: string },
): Promise<Result<Planned, AppProblem>> {
  const { held, notes } = decided;
  if (decided.kind === 'nothing-to-do') return succeed({ kind: 'nothing-to-do', why: nothing, held, notes });
  const { plan } = decided;
  const entries = await entriesOf(app, plan.body.release);
  const abandonment = takesBack(plan) ? null : abandonmentOfPlan(plan, entries);
  if (abandonment !== null) return refuseByEngine([{ code: 'abandoned', ...abandonment }]);
  const own = gates.filter((gate) => plan.body.gates.includes(gate.id));
  const closed = closedOf(own);
  if (!input.dryRun && closed.length > 0) {
    const names = closed.map((gate) => gate.id).join(', ');
    const text = `${closed.length} ${closed.length === 1 ? 'gate blocks' : 'gates block'} this: ${names}. See: signalbox blockers ${plan.body.release}`;
    return refuse({ kind: 'gates-closed', code: 'gate-blocked', text });
  }
  const view = input.dryRun ? unsavedView(app, plan, entries) : await savePlan(app, plan);
  return succeed({
    kind: 'planned',
    view,
    gates: own,
    saved: !input.dryRun,
    held,
    notes,
    documents: decided.documents ?? [],
  });
}

function unsavedView(app: App, plan: Plan, entries: readonly LedgerEntry[]): PlanView {
  const madeAt = app.clock.now();
  const nothing = {
    approvals: [],
    intended: [],
    receipts: [],
    stops: [],
    ended: null,
    finishedAt: null,
    dropped: null,
  };
  return viewOf(app, { plan, madeAt, goodUntil: goodUntil(plan, madeAt), ...nothing }, entries);
}

/** Who plans, and the one repository that was named, if any: what every planning use case begins with. */
export async function planning(
  app: App,
  input: PlanInput,
): Promise<Result<{ readonly author: string; readonly chosen: { readonly repos?: readonly [RepoKey] } }, AppProblem>> {
  const named = input.repo === undefined ? null : repoNamed(app, input.repo);
  if (named !== null && !named.ok) return named;
  const author = await requirePlanner(app, input);
  return author.ok ? succeed({ author: author.value, chosen: named === null ? {} : { repos: [named.value] } }) : author;
}

/** Release managers may plan for every repository, its owners for their own. Only showing is free. */
async function requirePlanner(app: App, input: PlanInput): Promise<Result<string, AppProblem>> {
  const who = await app.who();
  const owned = input.repo === undefined ? [] : (app.loaded.train.repos[RepoKey.parse(input.repo)]?.owners ?? []);
  return input.dryRun || owned.includes(who) ? succeed(who) : requireRole(app, ['release-manager']);
}
