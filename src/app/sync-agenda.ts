import type { AskStanding } from '../domain/ask.ts';
import { isOpen, type Gate } from '../domain/gate.ts';
import { addDays, dateOf, type Instant } from '../domain/instant.ts';
import { observe, type Observed } from '../domain/observation.ts';
import { lineOf, type ReleaseVersion } from '../domain/version.ts';
import { deadlinesOf, syncSeries, type Deadline, type SyncMeeting, type SyncSeries } from '../process/01-plan/index.ts';
import type { App } from './app.ts';
import { dutyWords } from './duty-words.ts';
import { askStandings } from './asks/standing.ts';
import { peopleOf, type PeopleOfTrain } from './people.ts';
import { releaseStatus, type ReleaseStatus } from './status.ts';
import { todo, type Duty, type Todo } from './todo.ts';

/** What a release owes and who owes it: what the agenda of a sync and a hand-over are written from. Nothing of it is judged here. */
export interface ReleasePapers {
  readonly release: ReleaseVersion;
  readonly at: Instant;
  readonly status: ReleaseStatus;
  /** Deadlines that are over and those of the next two weeks. */
  readonly due: readonly Deadline[];
  readonly todo: Todo;
  readonly asks: Observed<readonly AskStanding[]>;
  readonly people: PeopleOfTrain;
  readonly series: SyncSeries;
  /** The meeting that is on, or comes next; null where there is none. */
  readonly next: SyncMeeting | null;
}

const DAYS_AHEAD = 14;

/** Reads status, duties, asks and people of a release, by the same projections as every other page and command. */
export async function releasePapers(app: App, release: ReleaseVersion): Promise<ReleasePapers> {
  const { train } = app.loaded;
  const now = app.clock.now();
  const status = await releaseStatus(app, release);
  const [duties, asks] = await Promise.all([
    todo(app, { release, status }),
    observe('asks', now, () => askStandings(app, release)),
  ]);
  const series = syncSeries(train, release);
  const until = addDays(dateOf(now), DAYS_AHEAD);
  return {
    release,
    at: status.at,
    status,
    due: deadlinesOf(train.calendar, lineOf(release), now).filter(
      (one) => !one.passed && (one.known ? dateOf(one.due) : one.earliest) <= until,
    ),
    todo: duties,
    asks,
    people: peopleOf(train, now),
    series,
    next: series.known ? (series.meetings.find(({ ends }) => ends > now) ?? null) : null,
  };
}

/** What people have to decide: gates that wait for somebody, plans that wait for an approval, the step of the release day. */
export function openDecisions({ status, todo: { people } }: ReleasePapers): {
  readonly gates: readonly Gate[];
  readonly duties: readonly { readonly who: readonly string[]; readonly duty: Duty }[];
} {
  const gates = [...status.blocking, ...status.later].filter(({ verdict }) => verdict === 'needs-you');
  const found = new Map<string, { readonly who: string[]; readonly duty: Duty }>();
  for (const { who, duties } of people) {
    for (const duty of duties) {
      const key =
        duty.kind === 'approval' || duty.kind === 'apply'
          ? `${duty.kind} ${duty.plan.plan.id}`
          : duty.kind === 'day-step'
            ? duty.step.step.id
            : null;
      // Of who is away and who acts for them, the one who acts is named.
      if (key === null || duty.standIn?.is === 'by') continue;
      const before = found.get(key);
      if (before === undefined) found.set(key, { who: [who], duty: { ...duty, standIn: null } });
      else before.who.push(who);
    }
  }
  return { gates, duties: [...found.values()] };
}

/** Picks and reverts that are not settled, each once, with who owes them. */
export function openPicks({ todo: { people } }: ReleasePapers): readonly {
  readonly who: readonly string[];
  readonly duty: Duty;
}[] {
  const found = new Map<string, { readonly who: string[]; readonly duty: Duty }>();
  for (const { who, duties } of people) {
    for (const duty of duties) {
      if ((duty.kind !== 'pick' && duty.kind !== 'revert') || duty.standIn?.is === 'by') continue;
      const key = `${duty.kind} ${dutyWords(duty).name}`;
      const before = found.get(key);
      if (before === undefined) found.set(key, { who: [who], duty: { ...duty, standIn: null } });
      else before.who.push(who);
    }
  }
  return [...found.values()];
}

/** Asks that are not done. */
export function openAsks({ asks }: ReleasePapers): readonly AskStanding[] {
  return asks.known ? asks.value.filter(({ state }) => state !== 'done') : [];
}

/** Gates that a person opened, and until when. */
export function waivedGates({ status }: ReleasePapers): readonly Gate[] {
  return status.gates.filter((gate) => gate.verdict === 'waived' && isOpen(gate));
}
