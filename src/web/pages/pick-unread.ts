import type { PicksView, UnreadPickView } from '../../api/views/picks.ts';
import { changeHref } from '../../domain/page-path.ts';
import type { Block, Row } from '../doc.ts';
import { decisionText } from './pick-parts.ts';
import { minute, person } from './said.ts';

/** Picks of which only the ledger could be read: what people asked for and decided, marked for what is not known. */
export function unreadBlocks({ unread, release }: PicksView): readonly Block[] {
  if (unread.length === 0) return [];
  const reasons = [...new Set(unread.map(({ reason }) => reason))];
  return [
    {
      kind: 'notice',
      tone: 'warn',
      text: `Where ${unread.length === 1 ? 'one pick is' : `${unread.length} picks are`} could not be read, on the line and at the forge: ${reasons.join('; ')}`,
      next: [
        'What was decided is shown below, from the log. What can be read, and what not: ',
        { kind: 'code', text: 'signalbox doctor' },
      ],
    },
    {
      kind: 'table',
      id: 'unread-picks',
      caption: `Picks of ${release} of which only the decisions are known`,
      columns: [
        { key: 'pick', name: 'Pick' },
        { key: 'state', name: 'State' },
        { key: 'class', name: 'Class' },
        { key: 'asked', name: 'Asked for' },
        { key: 'decided', name: 'Decided' },
      ],
      groups: [{ name: null, rows: unread.map(rowOf) }],
      empty: 'Every pick could be read.',
    },
  ];
}

function rowOf({ pick, class: name, askedBy, askedAt, decided }: UnreadPickView): Row {
  return {
    key: `${pick.repo} ${pick.pr} ${pick.onto}`,
    href: changeHref(pick),
    cells: [
      `${pick.repo} #${pick.pr} onto ${pick.onto}`,
      { kind: 'state', state: 'no-data' },
      name,
      [person(askedBy), ' ', minute(askedAt)],
      decisionText({ decided, pull: null, landedBy: null, takenBack: null }) ?? 'nothing yet',
    ],
  };
}
