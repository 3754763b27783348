import type { DueView, PlannedDayView, ReleaseView } from '../../api/views/release.ts';
import { Instant, type CalendarDate } from '../../domain/instant.ts';
import { dayOf } from '../../domain/month.ts';
import type { Block, PageRoom, Row, TimelineSpan } from '../doc.ts';
import { dayText } from './release-parts.ts';
import { firstOf } from './said.ts';

/** The dates of a release as a picture and as a table; deadlines in the order in which they are due. */
export function dateBlocks(view: ReleaseView, room: PageRoom): readonly Block[] {
  const { due, release } = view;
  const spans = spansOf(view, room.now);
  return [
    ...(spans.length === 0
      ? []
      : [
          {
            kind: 'picture' as const,
            id: 'phases',
            caption: `Phases and dates of ${release}`,
            picture: { kind: 'timeline' as const, spans, now: room.now },
          },
        ]),
    {
      kind: 'facts',
      rows: [
        { name: 'Branch cut', value: dayText(view.cut, room.now, isOver(view, 'Branch cut')) },
        { name: 'Release day', value: dayText(view.day, room.now, view.closed !== null) },
      ],
    },
    {
      kind: 'table',
      id: 'due',
      caption: `Deadlines of ${release}`,
      columns: [
        { key: 'id', name: 'Milestone' },
        { key: 'title', name: 'What' },
        { key: 'due', name: 'Due' },
        { key: 'left', name: 'Left' },
        { key: 'owner', name: 'Owner' },
      ],
      groups: [{ name: null, rows: due.map(dueRow) }],
      empty:
        'The calendar names no deadlines of this release. They are counted from its dates: name `calendar.milestones` in the train file.',
    },
  ];
}

function isOver({ phases }: ReleaseView, phase: string): boolean {
  return phases.some((each) => each.phase === phase && each.state === 'pass');
}

function dueRow({ id, title, owner, tentative, passed, due, latest }: DueView): Row {
  const mark = tentative ? ', tentative' : '';
  const when = due === null ? `by ${latest ?? 'a day that is not known'}${mark}` : null;
  return {
    key: id,
    cells: [
      id,
      title,
      due === null ? (when ?? '') : [{ kind: 'time', at: due, form: 'minute' }, mark],
      passed ? 'past' : due === null ? '' : { kind: 'time', at: due, form: 'until' },
      owner === null ? 'nobody' : firstOf([owner]),
    ],
  };
}

/** Phases between the cut and the day, the candidates that were recorded, and the deadlines; only what has an exact day. */
function spansOf(view: ReleaseView, now: Instant): readonly TimelineSpan[] {
  const cut = exactDay(view.cut);
  const day = exactDay(view.day);
  const state = (at: Instant): TimelineSpan['state'] => (at <= now ? 'pass' : 'queued');
  return [
    ...(cut === null ? [] : [moment('Dates', 'Branch cut', { at: cut, day: view.cut }, state(cut))]),
    ...(day === null ? [] : [moment('Dates', 'Release day', { at: day, day: view.day }, state(day))]),
    ...(cut === null || day === null || day < cut
      ? []
      : [
          {
            lane: 'Candidates',
            name: 'From the cut to the release day',
            from: cut,
            to: day,
            state: day <= now ? ('pass' as const) : cut <= now ? ('running' as const) : ('queued' as const),
          },
        ]),
    ...view.recorded.map(({ candidate, at }) =>
      moment('Candidates', `${candidate} recorded`, { at: at, day: null }, 'pass'),
    ),
    ...(view.final === null
      ? []
      : [moment('Candidates', `${view.final.candidate} final`, { at: view.final.at, day: null }, 'pass' as const)]),
    ...view.due.flatMap(({ id, due }) =>
      due === null ? [] : [moment('Deadlines', id, { at: due, day: null }, state(due))],
    ),
  ];
}

function moment(
  lane: string,
  name: string,
  { at, day }: { readonly at: Instant; readonly day: PlannedDayView | null },
  state: TimelineSpan['state'],
): TimelineSpan {
  const last = day?.moved.at(-1);
  const was = last === undefined ? null : dayOf(last.from);
  return { lane, name, from: at, to: at, state, ...(was === null ? {} : { was: noon(was) }) };
}

/** The day as a moment where it is known to the day; null else. */
export function exactDay(day: PlannedDayView | null): Instant | null {
  const known = day?.on === undefined ? null : dayOf(day.on);
  return known === null ? null : noon(known);
}

/** The day as a moment: a date of the calendar has no hour. */
function noon(day: CalendarDate): Instant {
  return Instant.parse(`${day}T12:00:00Z`);
}
