import type { Gate } from '../domain/gate.ts';
import { elapsedMillis } from '../domain/instant.ts';
import { observe } from '../domain/observation.ts';
import { givenToEach, givenToFirst, type Given, type StandIn } from '../domain/train/stand-in.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { isSettled, type RevertStanding, type StandingPick } from '../process/06-cherry-pick/index.ts';
import type { DayStanding } from './announce/day.ts';
import type { App } from './app.ts';
import { mayApply } from './apply-plan.ts';
import { openReverts } from './picks/settled.ts';
import { standingPicks } from './picks/standing.ts';
import { listPlans, type PlanView } from './plans.ts';
import { releaseStatus, type ReleaseStatus } from './status.ts';

/** What waits for a person, or for whoever acts while they are away. */
export type Duty = Waiting & {
  /** Null: it waits for them themselves, and they are there. */
  readonly standIn: StandIn | null;
};

type Waiting =
  | { readonly kind: 'gate'; readonly gate: Gate }
  | { readonly kind: 'approval'; readonly plan: PlanView }
  | { readonly kind: 'apply'; readonly plan: PlanView }
  | { readonly kind: 'pick'; readonly pick: StandingPick }
  | { readonly kind: 'revert'; readonly release: ReleaseVersion; readonly revert: RevertStanding }
  /** The step of the release day whose turn it is. */
  | { readonly kind: 'day-step'; readonly step: DayStanding };

export interface Duties {
  readonly who: string;
  readonly duties: readonly Duty[];
}

export interface Todo {
  readonly people: readonly Duties[];
  /** Why it is not known which picks wait; null where it is. */
  readonly picksUnread: string | null;
}

interface TodoInput {
  readonly release: ReleaseVersion;
  /** Only what waits for this person. */
  readonly who?: string;
  /** Where it was read just now, so that the gates are not judged twice. */
  readonly status?: ReleaseStatus;
}

/** What waits for each person today, from the closed gates, the open plans and the picks; people with nothing to do are left out. */
export async function todo(app: App, { release, who, status: known }: TodoInput): Promise<Todo> {
  const [status, plans, picks] = await Promise.all([
    known ?? releaseStatus(app, release),
    listPlans(app, { release }),
    observe('ledger, git and forge', app.clock.now(), () => openPicks(app, release)),
  ]);
  const duties = new Map<string, Duty[]>();
  const { train } = app.loaded;
  const now = app.clock.now();
  const give = (given: readonly Given[], waiting: Waiting): void => {
    for (const { who: person, standIn } of given)
      duties.set(person, [...(duties.get(person) ?? []), { ...waiting, standIn }]);
  };
  for (const gate of [...status.blocking, ...status.later.filter(isAskToAct)])
    give(givenToFirst(train, gate.owners, now), { kind: 'gate', gate });
  const dayStep = status.daySteps.find(({ isNext }) => isNext);
  if (dayStep !== undefined) give(givenToFirst(train, dayStep.owners, now), { kind: 'day-step', step: dayStep });
  for (const { who: person, duties: list } of planDuties(app, plans))
    for (const duty of list) duties.set(person, [...(duties.get(person) ?? []), duty]);
  for (const duty of picks.known ? picks.value : []) give(givenToEach(train, ownersOf(app, duty), now), duty);
  const people = [...duties]
    .map(([person, list]) => ({ who: person, duties: list }))
    .filter((one) => who === undefined || one.who === who)
    .toSorted((left, right) => (left.who < right.who ? -1 : 1));
  return { people, picksUnread: picks.known ? null : picks.reason };
}

/** An ask is to be sent, or is late, before anything waits for it. */
function isAskToAct({ id, verdict }: Gate): boolean {
  return id.startsWith('ask:') && (verdict === 'needs-you' || verdict === 'failing');
}

/**
 * What waits because of plans, which the ledger alone tells: approvals, and carrying out. Who may approve does so for themselves: an approval has no deputy
 * (docs/decisions/0295).
 */
export function planDuties(app: App, plans: readonly PlanView[]): readonly Duties[] {
  return plans.flatMap((plan): readonly Duties[] => {
    if (plan.state === 'partial') return toApply(app, plan);
    if (plan.state !== 'made' || app.clock.now() >= plan.goodUntil) return [];
    if (plan.approvals.length >= plan.approvalsNeeded) return toApply(app, plan);
    return plan.mayApprove.map((who) => ({ who, duties: [{ kind: 'approval', plan, standIn: null }] }));
  });
}

function toApply(app: App, plan: PlanView): readonly Duties[] {
  const { train } = app.loaded;
  const may = (login: string): boolean => mayApply(train, plan, login);
  return givenToFirst(train, [plan.plan.body.author], app.clock.now(), may).map(({ who, standIn }) => ({
    who,
    duties: [{ kind: 'apply', plan, standIn }],
  }));
}

type PickDuty = Extract<Waiting, { readonly kind: 'pick' | 'revert' }>;

/** Picks that are not settled, and what main took back without the lines following. */
async function openPicks(app: App, release: ReleaseVersion): Promise<readonly PickDuty[]> {
  const [picks, reverts] = await Promise.all([standingPicks(app, release), openReverts(app, release)]);
  return [
    ...picks.filter(({ state }) => !isSettled(state)).map((pick) => ({ kind: 'pick' as const, pick })),
    // While the pull request of a revert is open, the pick is what waits.
    ...reverts
      .filter((one) => isDue(app, one))
      .filter(({ repo, change }) => !picks.some((one) => isRevertOf(one, repo, change.pr)))
      .map((revert) => ({ kind: 'revert' as const, release, revert })),
  ];
}

/** The wait for a reland is over. */
function isDue(app: App, { revertedAt }: RevertStanding): boolean {
  return elapsedMillis(revertedAt, app.clock.now()) >= app.loaded.train.picks.relandGraceHours * 3_600_000;
}

function isRevertOf({ record: { pick }, seen: { pull } }: StandingPick, repo: string, pr: number | null): boolean {
  return pick.repo === repo && pick.pr === pr && pull?.does === 'revert' && pull.state === 'open';
}

function ownersOf(app: App, duty: PickDuty): readonly string[] {
  return duty.kind === 'pick' ? duty.pick.owners : app.loaded.train.roles['release-manager'];
}
