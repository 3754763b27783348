import type { Gate } from '../domain/gate.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import type { App } from './app.ts';
import { listPlans, type PlanView } from './plans.ts';
import { releaseStatus } from './status.ts';

/** What waits for a person. */
export type Duty =
  | { readonly kind: 'gate'; readonly gate: Gate }
  | { readonly kind: 'approval'; readonly plan: PlanView }
  | { readonly kind: 'apply'; readonly plan: PlanView };

export interface Duties {
  readonly who: string;
  readonly duties: readonly Duty[];
}

/** What waits for each person today, from the closed gates and the open plans; people with nothing to do are left out. */
export async function todo(
  app: App,
  { release, who }: { readonly release: ReleaseVersion; readonly who?: string },
): Promise<readonly Duties[]> {
  const [status, plans] = await Promise.all([releaseStatus(app, release), listPlans(app, { release })]);
  const duties = new Map<string, Duty[]>();
  const give = (person: string, duty: Duty): void => {
    duties.set(person, [...(duties.get(person) ?? []), duty]);
  };
  for (const gate of status.blocking) {
    const [owner] = gate.owners;
    if (owner !== undefined) give(owner, { kind: 'gate', gate });
  }
  for (const plan of plans) {
    if (plan.state === 'partial') give(plan.plan.body.author, { kind: 'apply', plan });
    if (plan.state !== 'made' || app.clock.now() >= plan.goodUntil) continue;
    if (plan.approvals.length >= plan.approvalsNeeded) give(plan.plan.body.author, { kind: 'apply', plan });
    else for (const person of possibleApprovers(app, plan)) give(person, { kind: 'approval', plan });
  }
  return [...duties]
    .map(([person, list]) => ({ who: person, duties: list }))
    .filter((one) => who === undefined || one.who === who)
    .toSorted((left, right) => (left.who < right.who ? -1 : 1));
}

function possibleApprovers(app: App, plan: PlanView): readonly string[] {
  const { roles } = app.loaded.train;
  const people = [...new Set([...roles['release-manager'], ...roles.approver])];
  return people.filter((person) => person !== plan.plan.body.author && !plan.approvals.some(({ by }) => by === person));
}
