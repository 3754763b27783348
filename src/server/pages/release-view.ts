import type { NextPlan, PlannedDayView, ReleaseView } from '../../api/views/release.ts';
import type { App } from '../../app/app.ts';
import { calendarOf } from '../../app/calendar.ts';
import { candidateTags } from '../../app/candidate-tags.ts';
import { standingPicks } from '../../app/picks.ts';
import { listPlans } from '../../app/plans.ts';
import { recordedCandidates } from '../../app/recorded-candidates.ts';
import { listReleases } from '../../app/releases.ts';
import { phaseText, repoStates } from '../../app/status-words.ts';
import { releaseStatus, type ReleaseStatus } from '../../app/status.ts';
import { burnDown } from '../../app/verdicts/burn-down.ts';
import { withSince } from '../../app/verdicts/gate-history.ts';
import { oldestOf } from '../../domain/gate-text.ts';
import type { Instant } from '../../domain/instant.ts';
import { observe, type Observed } from '../../domain/observation.ts';
import { PICK_STATES } from '../../domain/pick-state.ts';
import type { PlannedDate } from '../../domain/train/calendar.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';

/** What of a release is shown, when the oldest of it was read, and whether something could not be. */
export interface ReadRelease {
  readonly view: ReleaseView;
  readonly asOf: Instant;
  readonly stale: boolean;
}

/** Where a release stands, from the same use cases as `status`, `gate list` and `rc list`. */
export async function readRelease(app: App, release: ReleaseVersion): Promise<ReadRelease> {
  const now = app.clock.now();
  const [status, picks, plans, releases, recorded, counts] = await Promise.all([
    releaseStatus(app, release),
    observe('ledger, git and forge', now, () => standingPicks(app, release)),
    listPlans(app, { release }),
    listReleases(app),
    recordedCandidates(app, release),
    burnDown(app, release),
  ]);
  const known = releases.find((one) => one.release === release) ?? null;
  const { rows, unread } = candidateTags(status.repos, null);
  const view: ReleaseView = {
    ...statusPart(app, status, picks),
    gates: await withSince(app, release, status.judged),
    burnDown: counts,
    closed: known?.closed ?? null,
    opened: known !== null,
    candidates: rows,
    candidatesUnread: unread,
    recorded,
    due: dueOf(app, release, now),
    plans: plans.flatMap(({ plan, state }) =>
      state === 'made' || state === 'partial' ? [{ id: plan.id, title: plan.body.title, state }] : [],
    ),
  };
  const isUnread = status.repos.some(({ refs, jobs }) => !refs.known || jobs?.known === false);
  const stale = isUnread || !picks.known || status.judged.some(({ verdict }) => verdict === 'no-data');
  return { view, asOf: oldestOf(status.judged, status.at), stale };
}

type Picks = Observed<Awaited<ReturnType<typeof standingPicks>>>;
type StatusPart = Omit<
  ReleaseView,
  'closed' | 'opened' | 'gates' | 'burnDown' | 'candidates' | 'candidatesUnread' | 'recorded' | 'due' | 'plans'
>;

function statusPart(app: App, status: ReleaseStatus, picks: Picks): StatusPart {
  const { release, title, at, next, freeze, abandoned, final } = status;
  const states = repoStates(status);
  const core = status.repos.findIndex(({ repo }) => repo.entry.role === 'core');
  const branch = states[core];
  return {
    release,
    title,
    product: app.loaded.train.product,
    at,
    phase: phaseText(status, states),
    phases: status.phases,
    branch: branch === undefined ? null : { name: branch.branch, commit: branch.commit },
    day: status.day === null ? null : plannedDay(status.day),
    cut: cutOf(app, release),
    next: next === null ? null : { what: next.what, command: next.command, plan: planOf(next.command) },
    freeze,
    abandoned,
    final:
      final === null
        ? null
        : {
            candidate: final.candidate,
            by: final.by,
            at: final.at,
            reason: final.reason,
            isCurrent: final.isCurrent,
          },
    repos: states.map((state) => ({ ...state, picks: countPicks(picks, state.repo) })),
    picksUnread: picks.known ? null : picks.reason,
    blocking: status.blocking.map(({ id }) => id),
    later: status.later.map(({ id }) => id),
  };
}

function countPicks(picks: Picks, repo: string): ReleaseView['repos'][number]['picks'] {
  if (!picks.known) return null;
  const own = picks.value.filter(({ record }) => record.pick.repo === repo);
  return {
    landed: own.filter(({ state }) => state === 'landed' || state === 'in-rc' || state === 'released').length,
    open: own.filter(({ state }) => PICK_STATES[state].next !== null).length,
  };
}

/** A date as it is shown. */
export function plannedDay({ on, state, moved }: PlannedDate): PlannedDayView {
  return { ...(on === undefined ? {} : { on }), state, moved };
}

function cutOf(app: App, release: ReleaseVersion): PlannedDayView | null {
  const { dates } = calendarOf(app.loaded.train, lineOf(release), app.clock.now());
  const cut = dates.find((one) => one.what === 'cut' && one.release === release);
  return cut === undefined ? null : plannedDay(cut.date);
}

/** Deadlines of the release itself: those of patches of its line belong to them. */
function dueOf(app: App, release: ReleaseVersion, now: Instant): ReleaseView['due'] {
  const { deadlines } = calendarOf(app.loaded.train, lineOf(release), now);
  const isMinor = release === `${lineOf(release)}.0`;
  return deadlines
    .filter(({ patch }) => patch === release || (patch === null && isMinor))
    .map((deadline) => ({
      id: deadline.id,
      title: deadline.title,
      owner: deadline.owner,
      tentative: deadline.tentative,
      passed: deadline.passed,
      due: deadline.known ? deadline.due : null,
      latest: deadline.known ? null : deadline.latest,
    }));
}

const PLANS: readonly NextPlan[] = ['branch cut', 'rc cut', 'promote stage', 'promote stable', 'promote pypi'];

/** Which plan the command of a next step makes. */
function planOf(command: string): NextPlan | null {
  return PLANS.find((words) => command.startsWith(`signalbox ${words} `)) ?? null;
}
