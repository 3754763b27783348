import { familyOfGate } from '../../domain/gate-families.ts';
import type { Gate } from '../../domain/gate.ts';
import { CalendarDate, type Instant } from '../../domain/instant.ts';
import { succeed, type Result } from '../../domain/result.ts';
import type { DayPlan } from '../../domain/train/day-step.ts';
import { isAway } from '../../domain/train/people.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import { foldDayTicks } from '../../engine/fold-day.ts';
import { foldPlans } from '../../engine/fold.ts';
import { cadenceDates } from '../../process/01-plan/index.ts';
import {
  explainDay,
  releaseDayList,
  reopeningOf,
  requestedStep,
  tickOf,
  type DayProblem,
  type DayStanding,
  type DonePlan,
} from '../../process/09-announce/index.ts';
import type { App } from '../app.ts';
import { judge } from '../judge.ts';
import type { Planned, PlanInput } from '../planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { promotePypi } from '../promotion/pypi.ts';
import { promoteStable } from '../promotion/stable.ts';
import { promoteStage } from '../promotion/stage.ts';
import { entriesOf, record } from '../record.ts';
import { requireRelease, requireRole } from '../releases.ts';
import { proposeGetStarted } from './get-started.ts';
import { contactLogins } from './owners.ts';

export type { DayStanding } from '../../process/09-announce/index.ts';

/** The list of a release day, as it stands. */
export interface ReleaseDayShown {
  readonly release: ReleaseVersion;
  /** The day, where the calendar knows it. */
  readonly day: CalendarDate | null;
  readonly steps: readonly DayStanding[];
  readonly at: Instant;
}

/** The list of the release day; `gates` where they were judged already. */
export async function releaseDay(app: App, release: ReleaseVersion, gates?: readonly Gate[]): Promise<ReleaseDayShown> {
  const { train } = app.loaded;
  const at = app.clock.now();
  if (train.releaseDay.steps.length === 0) return { release, day: dayOf(app, release), steps: [], at };
  const [judged, entries] = await Promise.all([
    gates === undefined ? gatesOfSteps(app, release) : gates,
    entriesOf(app, release),
  ]);
  const managers = train.roles['release-manager'];
  const steps = releaseDayList({
    train,
    release,
    day: dayOf(app, release),
    gates: judged,
    ticks: foldDayTicks(entries, release),
    plans: donePlans(entries, release),
    ownersOf: (workstream) => {
      const logins = workstream === undefined ? [] : (contactLogins(train, workstream, at) ?? []);
      return logins.some((login) => !isAway(train, login, at)) ? logins : [...new Set([...logins, ...managers])];
    },
  });
  return { release, day: dayOf(app, release), steps, at };
}

/** No more than the steps name: the list is looked at often on the day. */
async function gatesOfSteps(app: App, release: ReleaseVersion): Promise<readonly Gate[]> {
  const named = app.loaded.train.releaseDay.steps.flatMap((step) => (step.kind === 'manual' ? [] : step.gates));
  const families = [...new Set(named.map((name) => familyOfGate(name)))];
  return families.length === 0 ? [] : (await judge(app, release, { families, brief: true })).gates;
}

const PLANS = {
  stage: 'promote stage',
  stable: 'promote stable',
  pypi: 'promote pypi',
  'get-started': 'get-started',
} as const satisfies Readonly<Record<string, DayPlan>>;

function donePlans(entries: Parameters<typeof foldPlans>[0], release: ReleaseVersion): ReadonlyMap<DayPlan, DonePlan> {
  const done = new Map<DayPlan, DonePlan>();
  for (const { plan, finishedAt, receipts } of foldPlans(entries).values()) {
    const { purpose, author } = plan.body;
    const known = Object.entries(PLANS).find(([name]) => name === purpose)?.[1];
    if (known === undefined || finishedAt === null || plan.body.release !== release) continue;
    done.set(known, { plan: plan.id, by: receipts.at(-1)?.by ?? author, at: finishedAt });
  }
  return done;
}

function dayOf(app: App, release: ReleaseVersion): CalendarDate | null {
  const dates = cadenceDates(app.loaded.train.calendar, lineOf(release));
  const on = dates.find((one) => one.what !== 'cut' && one.release === release)?.date.on;
  const day = CalendarDate.safeParse(on);
  return day.success ? day.data : null;
}

/** What doing a step comes to: a plan, gates that were judged once more, or that a person has to say it. */
export type DayWork =
  | { readonly kind: 'plan'; readonly standing: DayStanding; readonly planned: Planned }
  | { readonly kind: 'gate'; readonly standing: DayStanding; readonly gates: readonly Gate[] }
  | { readonly kind: 'manual'; readonly standing: DayStanding };

interface StepInput extends PlanInput {
  readonly release: ReleaseVersion;
  /** Name or number; null for the next one. */
  readonly step: string | null;
}

/** Does a step of the day, in its turn: makes its plan, or judges its gates in full. What a person has to say is not said here. */
export async function runDayStep(app: App, input: StepInput): Promise<Result<DayWork, AppProblem>> {
  const { release, dryRun } = input;
  const { steps } = await releaseDay(app, release);
  const found = requestedStep(release, steps, input.step);
  if (!found.ok) return refusedBy(app, found.problems, input);
  const standing = found.value;
  const { step } = standing;
  if (step.kind === 'manual') return succeed({ kind: 'manual', standing });
  if (step.kind === 'gate') {
    const { gates } = await judge(app, release, { families: step.gates.map((name) => familyOfGate(name)) });
    const own = gates.filter(({ id }) => step.gates.some((name) => id === name || id.startsWith(`${name}:`)));
    return succeed({ kind: 'gate', standing, gates: own });
  }
  const planned = await PLANNERS[step.does](app, { release, dryRun });
  return planned.ok ? succeed({ kind: 'plan', standing, planned: planned.value }) : planned;
}

const PLANNERS = {
  'promote stage': promoteStage,
  'promote stable': promoteStable,
  'promote pypi': promotePypi,
  'get-started': proposeGetStarted,
} as const satisfies Readonly<Record<DayPlan, unknown>>;

/** Says that a manual step is done, in its turn; who answers for it does, or a release manager. */
export async function tickDayStep(
  app: App,
  input: {
    readonly release: ReleaseVersion;
    readonly step: string;
    readonly evidence: string | null;
    readonly note: string;
  },
): Promise<Result<ReleaseDayShown, AppProblem>> {
  const { release, step, evidence, note } = input;
  const opened = await requireRelease(app, release);
  if (!opened.ok) return opened;
  const { steps } = await releaseDay(app, release);
  const found = tickOf(release, steps, { asked: step, evidence });
  if (!found.ok) return refusedBy(app, found.problems, { release, step });
  const allowed = await requireOwner(app, found.value);
  if (!allowed.ok) return allowed;
  await record(app, { type: 'day-step-done', release, step: found.value.step.id, evidence, note });
  return succeed(await releaseDay(app, release));
}

/** Takes back that a manual step is done, with a reason. */
export async function reopenDayStep(
  app: App,
  { release, step, reason }: { readonly release: ReleaseVersion; readonly step: string; readonly reason: string },
): Promise<Result<ReleaseDayShown, AppProblem>> {
  const { steps } = await releaseDay(app, release);
  const found = reopeningOf(release, steps, step);
  if (!found.ok) return refuseWith(found.problems, { explain: explainDay, kindOf });
  const allowed = await requireOwner(app, found.value);
  if (!allowed.ok) return allowed;
  await record(app, { type: 'day-step-reopened', release, step: found.value.step.id, reason });
  return succeed(await releaseDay(app, release));
}

async function requireOwner(app: App, { owners }: DayStanding): Promise<Result<string, AppProblem>> {
  const who = await app.who();
  return owners.includes(who) ? succeed(who) : requireRole(app, ['release-manager']);
}

/** Out of turn is written down: others see who wanted what, and why not. */
async function refusedBy(
  app: App,
  problems: readonly [DayProblem, ...DayProblem[]],
  { release, step }: { readonly release: ReleaseVersion; readonly step: string | null },
): Promise<Result<never, AppProblem>> {
  const [first] = problems;
  if (first.code === 'step-too-early')
    await record(app, { type: 'refused', release, what: `day run ${step ?? ''}`.trim(), reason: explainDay(first) });
  return refuseWith(problems, { explain: explainDay, kindOf });
}

function kindOf({ code }: DayProblem): ProblemKind {
  switch (code) {
    case 'no-day-list':
    case 'step-unknown':
    case 'step-not-manual':
    case 'evidence-needed':
    case 'evidence-bad':
      return 'usage';
    case 'step-too-early':
    case 'step-done':
    case 'step-not-done':
    case 'day-over':
      return 'refused';
  }
}
