import { z } from 'zod';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { AskView } from './asks.ts';
import { CalendarView } from './calendar.ts';
import { GateView } from './gate.ts';
import { PeopleView } from './people.ts';
import { DutyView, TodoView } from './todo.ts';

/** What the agenda of a sync and a hand-over both say. */
const common = {
  release: ReleaseVersion,
  title: z.string(),
  /** Gates that keep the next step from being done. */
  blocking: z.array(GateView).readonly(),
  /** Deadlines of the next two weeks. */
  due: CalendarView.shape.deadlines,
  /** Asks that are not done; none where they could not be read. */
  asks: z.array(AskView).readonly(),
  /** Why asks could not be read; null where they were. */
  asksUnread: z.string().nullable(),
  /** Why it is not known which picks wait; null where it is. */
  picksUnread: z.string().nullable(),
  /** The paper as Markdown, to paste. */
  text: z.string(),
};

/** Something that waits, with everybody who may do it. */
const Owed = z.object({ who: z.array(z.string()).readonly(), duty: DutyView }).readonly();

const Meeting = z
  .object({
    number: z.int().min(1),
    date: CalendarDate,
    starts: Instant,
    ends: Instant,
    tentative: z.boolean(),
  })
  .readonly();

/** The agenda of the next meeting about a release, and the series it is of. */
export const SyncView = z
  .object({
    ...common,
    series: z
      .object({
        title: z.string(),
        zone: z.string(),
        link: z.string().nullable(),
        meetings: z.array(Meeting).readonly(),
      })
      .readonly()
      .nullable(),
    /** Why there is no series, and what plans one. */
    noSeries: z.object({ why: z.string(), fix: z.string() }).readonly().nullable(),
    /** Number of the meeting that is on, or comes next; null where there is none. */
    next: z.int().nullable(),
    decide: z.object({ gates: z.array(GateView).readonly(), duties: z.array(Owed).readonly() }).readonly(),
    picks: z.array(Owed).readonly(),
  })
  .readonly();
export type SyncView = z.infer<typeof SyncView>;

/** What whoever takes a release over has to know. */
export const HandoverView = z
  .object({
    ...common,
    people: PeopleView,
    later: z.array(GateView).readonly(),
    /** Gates that a person opened. */
    waived: z.array(GateView).readonly(),
    /** What each person owes. */
    owed: TodoView.unwrap().shape.people,
  })
  .readonly();
export type HandoverView = z.infer<typeof HandoverView>;
