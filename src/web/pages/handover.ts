import type { HandoverView } from '../../api/views/papers.ts';
import { releaseHref } from '../../domain/page-path.ts';
import type { Doc, PageRoom } from '../doc.ts';
import { gateTable, owedTable, paperEnd, unreadBlocks } from './paper-parts.ts';
import { awayTable, roleTable, workstreamTable } from './people.ts';

/** What whoever takes a release over has to know. */
export function handoverDoc(view: HandoverView, room: PageRoom): Doc {
  const { release, people, blocking, later, waived, owed } = view;
  return {
    title: `${blocking.length === 0 ? '' : `(${blocking.length}) `}${release} hand-over, ${view.title}`,
    heading: `Hand-over of ${release}`,
    lead: `${blocking.length} open now, ${later.length} later, ${waived.length} waived`,
    tab: 'release',
    release,
    command: `signalbox people handover ${release}`,
    blocks: [
      ...unreadBlocks(view),
      workstreamTable(people, room),
      roleTable(people),
      awayTable(people, room),
      gateTable(
        { id: 'open-now', caption: 'Open now', gates: blocking, empty: `Nothing blocks the next step of ${release}.` },
        release,
        room,
      ),
      gateTable(
        { id: 'open-later', caption: 'Open later', gates: later, empty: 'No later step waits for a gate.' },
        release,
        room,
      ),
      gateTable(
        { id: 'waived', caption: 'Opened by decision', gates: waived, empty: 'No gate was opened by a person.' },
        release,
        room,
      ),
      owedTable(
        {
          id: 'owed',
          caption: 'What each person owes',
          owed: owed.flatMap(({ who, duties }) => duties.map((duty) => ({ who: [who], duty }))),
          empty: `Nothing of ${release} waits for anybody${view.picksUnread === null ? '' : ', as far as could be read'}.`,
        },
        room,
      ),
      ...paperEnd(view, room),
      {
        kind: 'list',
        items: [
          { kind: 'link', href: `${releaseHref(release)}/sync`, text: 'Agenda of the next sync' },
          { kind: 'link', href: `/log?release=${release}`, text: 'What was done' },
        ],
      },
    ],
  };
}
