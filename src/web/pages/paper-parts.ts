import type { HandoverView, SyncView } from '../../api/views/papers.ts';
import type { GateView } from '../../api/views/gate.ts';
import type { DutyView } from '../../api/views/todo.ts';
import { standInText } from '../../domain/train/stand-in.ts';
import type { Block, PageRoom, Rich, Row } from '../doc.ts';
import { askTable } from './asks.ts';
import { deadlineTable } from './calendar-parts.ts';
import { GATE_COLUMNS, gateRow } from './gate-parts.ts';
import { noData } from './release-parts.ts';
import { command, people } from './said.ts';
import { dutyHref } from './todo.ts';

type Paper = SyncView | HandoverView;

function unreadNotice(what: string, reason: string, next: string): Block {
  return {
    kind: 'notice',
    tone: 'warn',
    text: [noData(), ` ${what} could not be read: ${reason}`],
    next: ['The lists below may be too short. Try: ', command(next)],
  };
}

/** Says that a list may be too short, and what may read it. */
export function unreadBlocks({ release, picksUnread, asksUnread }: Paper): readonly Block[] {
  return [
    ...(picksUnread === null ? [] : [unreadNotice('Which picks wait', picksUnread, `signalbox pick list ${release}`)]),
    ...(asksUnread === null
      ? []
      : [unreadNotice('What is asked of others', asksUnread, `signalbox ask list ${release}`)]),
  ];
}

/** Gates as a table of their own. */
export function gateTable(
  {
    id,
    caption,
    gates,
    empty,
  }: {
    readonly id: string;
    readonly caption: string;
    readonly gates: readonly GateView[];
    readonly empty: Rich;
  },
  release: string,
  room: PageRoom,
): Block {
  const rows = gates.map((gate): Row => {
    const { actions: _actions, ...row } = gateRow(gate, release, room);
    return { ...row, key: `${id} ${gate.id}` };
  });
  return { kind: 'table', id, caption, columns: GATE_COLUMNS, groups: [{ name: null, rows }], empty };
}

/** What waits, with who may do it. */
export function owedTable(
  {
    id,
    caption,
    owed,
    empty,
  }: {
    readonly id: string;
    readonly caption: string;
    readonly owed: readonly { readonly who: readonly string[]; readonly duty: DutyView }[];
    readonly empty: Rich;
  },
  { now }: PageRoom,
): Block {
  return {
    kind: 'table',
    id,
    caption,
    columns: [
      { key: 'what', name: 'What' },
      { key: 'state', name: 'State' },
      { key: 'why', name: 'Why' },
      { key: 'who', name: 'Who' },
      { key: 'command', name: 'Command' },
    ],
    groups: [
      {
        name: null,
        rows: owed.map(({ who, duty }) => ({
          key: `${duty.kind} ${duty.name} ${who.join(' ')}`,
          href: dutyHref(duty),
          cells: [
            duty.name,
            { kind: 'state', state: duty.state, word: duty.word },
            duty.standIn === null ? duty.text : `${duty.text} (${standInText(duty.standIn, now)})`,
            people(who),
            duty.command === null ? 'nothing moves it from here' : command(duty.command),
          ],
        })),
      },
    ],
    empty,
  };
}

/** What is due, what is asked of others, and the paper to paste: the end of both papers. */
export function paperEnd({ release, due, asks, asksUnread, text }: Paper, room: PageRoom): readonly Block[] {
  return [
    deadlineTable(due, room.now, [
      `Nothing of ${release} is due in the next two weeks. `,
      { kind: 'link', href: '/calendar', text: 'All deadlines' },
    ]),
    ...(asksUnread === null ? [askTable(asks, release, room)] : []),
    {
      kind: 'section',
      id: 'paste',
      heading: 'To paste',
      blocks: [{ kind: 'code', label: 'Markdown', text: text.trimEnd() }],
    },
  ];
}
