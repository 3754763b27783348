import { isOpen } from '../domain/gate.ts';
import { succeed, type Result } from '../domain/result.ts';
import { rolesOf } from '../domain/train/roles.ts';
import type { Train } from '../domain/train/train.ts';
import { admit, type Admission } from '../engine/admit.ts';
import { applyPlan as carryOut, type Applied, type ApplyProgress } from '../engine/apply.ts';
import { withFirstListing } from '../engine/first-listing.ts';
import { withFirstLook } from '../engine/first-look.ts';
import { planState, type PlanRecord } from '../engine/fold.ts';
import type { StepPorts } from '../engine/driver.ts';
import type { App } from './app.ts';
import { refuseByEngine } from './engine-problem.ts';
import { judge } from './judge.ts';
import { findPlanIn } from './plans.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf, record } from './record.ts';
import { requireRole } from './releases.ts';
import { stepPorts } from './step-ports.ts';

export interface ApplyInput {
  readonly id: string;
  /** The phrase typed for a plan that cannot be taken back; null when nothing was typed. */
  readonly confirmation: string | null;
  /** For whom it is carried out, when that is not who gives the command: the bot acts for who asked. */
  readonly by?: string;
  readonly stop: AbortSignal;
  readonly report: (progress: ApplyProgress) => void;
}

export interface ApplyAnswer extends Applied {
  readonly record: PlanRecord;
  /** Steps that were settled before this call. */
  readonly resumed: boolean;
}

/** Carries a plan out, or goes on with it, exactly as it was shown; or refuses and says what is in the way. */
export async function applyPlan(app: App, input: ApplyInput): Promise<Result<ApplyAnswer, AppProblem>> {
  // A stop or a freeze that is written from here on is about this carrying-out.
  const before = await entriesOf(app);
  const found = findPlanIn(before, input.id);
  if (!found.ok) return found;
  const { release } = found.value.plan.body;
  const actor = await app.who();
  const allowed = await requireApplier(app, found.value, input.by ?? actor);
  if (!allowed.ok) {
    const [{ text }] = allowed.problems;
    await record(app, { type: 'refused', release, what: `apply ${found.value.plan.id}`, reason: text });
    return allowed;
  }
  const leases = await app.leases();
  const answer = await leases.take(app.loaded.train.train, `release:${release}`, {
    holder: actor,
    since: app.clock.now(),
  });
  if (!answer.taken) {
    return refuseByEngine([
      { code: 'held-by-other', id: found.value.plan.id, holder: answer.by.holder, since: answer.by.since, release },
    ]);
  }
  try {
    // Read again under the lease: another process may have finished the plan in between.
    const entries = await entriesOf(app);
    const known = findPlanIn(entries, input.id);
    if (!known.ok) return known;
    const { plan } = known.value;
    const ports = {
      ...stepPorts(app),
      git: withFirstLook(app.git, plan),
      files: withFirstListing(app.files, plan, app.clock),
    };
    const [first, ...rest] = await obstacles(app, known.value, { ports, entries, confirmation: input.confirmation });
    if (first !== undefined) return refuseByEngine([first, ...rest]);
    const applied = await carryOut({
      record: known.value,
      actor,
      ports,
      ledger: await app.ledger(),
      lease: answer.lease,
      seenTo: before.at(-1)?.seq ?? 0,
      clock: app.clock,
      stop: input.stop,
      report: input.report,
    });
    return succeed({ ...applied, record: known.value, resumed: planState(known.value) === 'partial' });
  } finally {
    await answer.lease.release();
  }
}

/** A plan is carried out by who made it, by a release manager, or by an owner of every repository it touches. */
export async function requireApplier(
  app: App,
  { plan }: Pick<PlanRecord, 'plan'>,
  who: string,
): Promise<Result<string, AppProblem>> {
  return isOwnApplier(app.loaded.train, { plan }, who) ? succeed(who) : requireRole(app, ['release-manager'], who);
}

function isOwnApplier({ repos }: Train, { plan }: Pick<PlanRecord, 'plan'>, who: string): boolean {
  return who === plan.body.author || plan.body.steps.every(({ repo }) => repos[repo]?.owners.includes(who) === true);
}

/** The same, of a login whose teams are in the train already. */
export function mayApply(train: Train, of: Pick<PlanRecord, 'plan'>, who: string): boolean {
  return isOwnApplier(train, of, who) || rolesOf(train, who).includes('release-manager');
}

async function obstacles(
  app: App,
  known: PlanRecord,
  seen: Pick<Admission, 'entries' | 'confirmation'> & { readonly ports: StepPorts },
): ReturnType<typeof admit> {
  const { train, digest } = app.loaded;
  const { ports, entries, confirmation } = seen;
  return admit(known, ports, {
    train,
    trainDigest: digest,
    now: app.clock.now(),
    entries,
    confirmation,
    closedGates: planState(known) === 'made' ? await closedGates(app, known) : [],
  });
}

/** The plan's gates, judged afresh: a gate that closed since, or can no longer be read, closes the plan. */
async function closedGates(app: App, known: PlanRecord): Promise<readonly string[]> {
  const { gates, release } = known.plan.body;
  if (gates.length === 0) return [];
  const judged = await judge(app, release, { only: gates });
  return gates.filter((id) => !judged.gates.some((gate) => gate.id === id && isOpen(gate)));
}
