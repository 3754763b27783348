import type { SyncView } from '../../api/views/papers.ts';
import { releaseHref } from '../../domain/page-path.ts';
import { dayText } from '../../domain/time-text.ts';
import type { Block, Doc, Inline, PageRoom, Rich } from '../doc.ts';
import { gateTable, owedTable, paperEnd, unreadBlocks } from './paper-parts.ts';
import { command, minute } from './said.ts';

/** The agenda of the next meeting about a release. */
export function syncDoc(view: SyncView, room: PageRoom): Doc {
  const { release, blocking, decide, picks, series, next } = view;
  const meeting = series?.meetings.find(({ number }) => number === next);
  const count = decide.gates.length + decide.duties.length;
  return {
    title: `${count === 0 ? '' : `(${count}) `}${release} agenda, ${view.title}`,
    heading: `Agenda: ${series?.title ?? 'sync'} of ${release}`,
    lead: meeting === undefined ? 'No meeting comes' : [minute(meeting.starts), meeting.tentative ? ', tentative' : ''],
    tab: 'release',
    release,
    command: `signalbox people agenda ${release}`,
    blocks: [
      ...unreadBlocks(view),
      ...meetingBlocks(view, room),
      gateTable(
        { id: 'blockers', caption: 'Blockers', gates: blocking, empty: `Nothing blocks the next step of ${release}.` },
        release,
        room,
      ),
      gateTable(
        { id: 'decide', caption: 'To decide: gates', gates: decide.gates, empty: 'No gate waits for a decision.' },
        release,
        room,
      ),
      owedTable(
        {
          id: 'plans',
          caption: 'To decide: plans and steps',
          owed: decide.duties,
          empty: 'No plan waits for anybody.',
        },
        room,
      ),
      owedTable({ id: 'picks', caption: 'Picks and reverts', owed: picks, empty: picksEmpty(view) }, room),
      ...paperEnd(view, room),
      {
        kind: 'paragraph',
        text: { kind: 'link', href: `${releaseHref(release)}/handover`, text: 'Hand the release over' },
      },
    ],
  };
}

function picksEmpty({ picksUnread, release }: SyncView): Rich {
  return picksUnread === null
    ? `No pick of ${release} waits, and no revert is owed.`
    : 'Which picks wait is not known: it could not be read.';
}

/** The meetings of the series; or why there are none, and what plans them. */
function meetingBlocks({ series, noSeries, next, release }: SyncView, room: PageRoom): readonly Block[] {
  if (noSeries !== null)
    return [
      { kind: 'notice', tone: 'info', text: `No meeting is planned: ${noSeries.why}.`, next: command(noSeries.fix) },
    ];
  if (series === null) return [];
  const { link } = series;
  const where: readonly Inline[] = link === null ? [] : ['. ', { kind: 'link', href: link, text: 'Where people meet' }];
  return [
    {
      kind: 'table',
      id: 'meetings',
      caption: 'Meetings, from the cut to the week of the release',
      columns: [
        { key: 'number', name: 'No.', align: 'right' },
        { key: 'day', name: 'Day' },
        { key: 'starts', name: 'Begins' },
        { key: 'state', name: 'State' },
      ],
      groups: [
        {
          name: null,
          rows: series.meetings.map(({ number, date, starts, ends, tentative }) => ({
            key: date,
            cells: [
              String(number),
              dayText(date, room.now),
              minute(starts),
              number === next
                ? { kind: 'state', state: 'running', word: starts <= room.now ? 'on' : 'next' }
                : ends <= room.now
                  ? { kind: 'state', state: 'pass', word: 'over' }
                  : { kind: 'state', state: 'queued', word: tentative ? 'tentative' : 'to come' },
            ],
          })),
        },
      ],
      empty: `No meeting lies between the cut and the release of ${release}.`,
    },
    {
      kind: 'paragraph',
      text: [
        `People meet by the clock of ${series.zone}. As a calendar: `,
        command(`signalbox people syncs ${release} > syncs.ics`),
        ...where,
      ],
    },
  ];
}
