import type { DayStepView, DayView } from '../../api/views/day.ts';
import { dateText, MonthOrDay } from '../../domain/month.ts';
import { gateHref, releaseHref } from '../../domain/page-path.ts';
import {
  barredFrom,
  type Action,
  type Block,
  type Doc,
  type Inline,
  type PageRoom,
  type Rich,
  type Row,
} from '../doc.ts';
import { dateTable, deadlineTable } from './calendar-parts.ts';
import { reasonField } from './fields.ts';
import { command, firstOf, minute, person } from './said.ts';

/** The day of a release: the list of what is done in order, then the dates of the calendar. */
export function dayDoc(view: DayView, room: PageRoom): Doc {
  const { release, day, dates, deadlines, steps } = view;
  const done = steps.filter((step) => step.done !== null).length;
  const when = day === null ? (dates[0]?.shown ?? 'not in the calendar') : dateText(MonthOrDay.parse(day));
  return {
    title: `${steps.length === 0 ? '' : `(${done}/${steps.length}) `}${release} release day`,
    heading: `Release day of ${release}`,
    lead: steps.length === 0 ? when : `${when}: ${done} of ${steps.length} steps done`,
    tab: 'release',
    release,
    command: `signalbox day check ${release}`,
    blocks: [
      ...nextBlocks(view, room),
      stepTable(view, room),
      dateTable(dates, room.now, [
        `The calendar does not say when ${release} comes out. Say it: `,
        command('signalbox config explain calendar.cadence'),
      ]),
      deadlineTable(deadlines, room.now, [
        `The calendar has no deadlines of ${release}. `,
        { kind: 'link', href: '/calendar', text: 'All deadlines' },
      ]),
    ],
  };
}

/** What is next, and the act that does it. */
function nextBlocks({ release, steps }: DayView, room: PageRoom): readonly Block[] {
  if (steps.length === 0) return [];
  const next = steps.find(({ isNext }) => isNext);
  if (next === undefined)
    return [{ kind: 'notice', tone: 'info', text: `Every step of the release day of ${release} is done.` }];
  return [
    {
      kind: 'notice',
      tone: next.state === 'failing' ? 'error' : 'info',
      text: [`Next: step ${next.number}, ${next.title}. `, next.text],
      next: next.command === null ? [] : ['Do it: ', command(commandOf(next))],
    },
    ...actionsOf(release, next, room),
  ];
}

function commandOf({ command: text, evidence }: DayStepView): string {
  return `${text ?? ''}${evidence ? ' --evidence URL' : ''}`;
}

function actionsOf(release: string, step: DayStepView, room: PageRoom): readonly Block[] {
  if (step.kind === 'manual') return [{ kind: 'actions', actions: [tickAction(release, step, room)] }];
  if (step.does === null) return [];
  const plan: Action = {
    id: `day-plan-${step.id}`,
    label: `Plan ${step.does}`,
    href: `${releaseHref(release)}/plan/${step.does.replace(' ', '-')}`,
    fields: [],
    command: commandOf(step),
    undo: 'full',
    barred: barredFrom(room, ['release-manager']),
    tells: 'Writes down a plan. Nothing is carried out before somebody applies it.',
  };
  return [{ kind: 'actions', actions: [plan] }];
}

/** Whoever answers for the step may say it, or a release manager. */
function barredFromStep({ owners }: DayStepView, room: PageRoom): string | null {
  const mayOwn = room.past === null && room.viewer !== null && owners.includes(room.viewer.login);
  return mayOwn ? null : barredFrom(room, ['release-manager']);
}

function tickAction(release: string, step: DayStepView, room: PageRoom): Action {
  return {
    id: `day-done-${step.id}`,
    label: `Say ${step.id} is done`,
    href: `${releaseHref(release)}/day/done`,
    fields: [
      { name: 'step', label: 'Step', kind: 'hidden', value: step.id },
      {
        name: 'evidence',
        label: 'Where it can be seen',
        kind: 'text',
        required: step.evidence,
        max: 2000,
        hint: 'A link that others can open.',
      },
      { name: 'note', label: 'Note', kind: 'long-text', max: 4000, hint: 'Others will read it in the log.' },
    ],
    command: `signalbox day run ${release} ${step.id} --evidence EVIDENCE -m NOTE`,
    undo: 'full',
    barred: barredFromStep(step, room),
    tells: `Writes down that you say so: ${step.title}. It can be taken back, with a reason.`,
  };
}

function reopenAction(release: string, step: DayStepView, room: PageRoom): Action {
  return {
    id: `day-reopen-${step.id}`,
    label: `Reopen ${step.id}`,
    href: `${releaseHref(release)}/day/reopen`,
    fields: [{ name: 'step', label: 'Step', kind: 'hidden', value: step.id }, reasonField()],
    command: `signalbox day run ${release} ${step.id} --reopen -m REASON`,
    undo: 'full',
    barred: barredFromStep(step, room),
    tells: 'The step is open again, and nothing after it may be done before it is.',
  };
}

function stepTable({ release, steps }: DayView, room: PageRoom): Block {
  return {
    kind: 'table',
    id: 'steps',
    caption: 'What is done, in order',
    columns: [
      { key: 'number', name: 'No.', align: 'right' },
      { key: 'step', name: 'Step' },
      { key: 'kind', name: 'Kind' },
      { key: 'state', name: 'State' },
      { key: 'planned', name: 'Planned' },
      { key: 'who', name: 'Who' },
      { key: 'done', name: 'Done' },
      { key: 'seen', name: 'Where it is seen' },
      { key: 'undo', name: 'Undo' },
    ],
    groups: [{ name: null, rows: steps.map((step) => rowOf(release, step, room)) }],
    empty: [
      'The train has no list for the release day. Say what is done, in order: ',
      command('signalbox config explain releaseDay.steps'),
    ],
  };
}

function rowOf(release: string, step: DayStepView, room: PageRoom): Row {
  const { id, number, title, kind, state, planned, owners, done, undo } = step;
  const canReopen = kind === 'manual' && done !== null;
  return {
    key: id,
    cells: [
      String(number),
      title,
      kind,
      { kind: 'state', state },
      planned === null ? '' : minute(planned),
      done === null ? firstOf(owners) : done.by === null ? 'seen, by nobody of ours' : person(done.by),
      done === null || done.at === null ? '' : minute(done.at),
      seenAt(release, step),
      undo,
    ],
    details: [{ kind: 'paragraph', text: step.text }],
    ...(canReopen ? { actions: [reopenAction(release, step, room)] } : {}),
  };
}

function seenAt(release: string, { done, gates }: DayStepView): Rich {
  if (done?.link !== null && done?.link !== undefined)
    return { kind: 'link', href: done.link, text: done.link.replace(/^https?:\/\//, '') };
  return gates.flatMap((gate, index): readonly Inline[] => [
    ...(index === 0 ? [] : [', ']),
    gate.includes(':') ? { kind: 'link', href: gateHref(release, gate), text: gate } : gate,
  ]);
}
