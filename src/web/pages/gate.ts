import type { GatePageView } from '../../api/views/gate.ts';
import { isOpen } from '../../domain/gate.ts';
import { stateAge } from '../../domain/gate-text.ts';
import { entryHref, releaseHref } from '../../domain/page-path.ts';
import type { State } from '../../domain/state.ts';
import type { Block, Doc, Inline, PageRoom } from '../doc.ts';
import { gateActions, gateDetails } from './gate-parts.ts';
import { command, minute, person } from './said.ts';

/** One gate at length. */
export function gateDoc(view: GatePageView, room: PageRoom): Doc {
  const { gate, release, title } = view;
  const { id, verdict, summary, since, fix } = gate;
  return {
    title: `${id} ${stateAge(gate, room.now)}, ${release}, ${title}`,
    heading: id,
    lead: [
      { kind: 'state', state: verdict },
      ...(since === null ? [] : [' since ', minute(since)]),
      ' of ',
      { kind: 'link', href: releaseHref(release), text: release },
    ],
    tab: 'release',
    release,
    command: `signalbox gate show ${release} ${id}`,
    blocks: [
      { kind: 'paragraph', text: summary },
      ...(verdict === 'no-data' ? [unknownNotice(fix, `${release} ${id}`)] : []),
      { kind: 'section', id: 'evidence', heading: 'Evidence and owners', blocks: gateDetails(gate, release) },
      { kind: 'actions', actions: gateActions(gate, release, room) },
      { kind: 'section', id: 'history', heading: 'History', blocks: [...lastBlock(view), historyTable(view)] },
      {
        kind: 'paragraph',
        text: [
          isOpen(gate) ? 'It lets the train through.' : 'It keeps the train back.',
          ' A gate is judged afresh each time it is looked at, so looking again collects its evidence again: ',
          command(`signalbox gate run ${release} ${id}`),
        ],
      },
    ],
  };
}

function unknownNotice(fix: string | null, subject: string): Block {
  return {
    kind: 'notice',
    tone: 'warn',
    text: 'What it rests on could not be read, or is too old. Unknown never passes.',
    next: [fix === null ? 'Read it again: ' : 'What moves it: ', command(fix ?? `signalbox gate run ${subject}`)],
  };
}

/** As many as fit one line. */
const MOST_LAST = 10;

/** The last verdicts that were seen, oldest first. */
function lastBlock({ history }: GatePageView): readonly Block[] {
  const seen = history.flatMap(({ verdict, at }) => (verdict === null ? [] : [{ verdict, at }]));
  if (seen.length === 0) return [];
  const last = seen.slice(0, MOST_LAST).toReversed();
  return [
    {
      kind: 'paragraph',
      text: [
        seen.length > last.length ? `The last ${last.length} of ${seen.length} verdicts: ` : 'Its verdicts so far: ',
        ...last.flatMap(({ verdict, at }, index): readonly Inline[] => [
          index === 0 ? '' : ', ',
          { kind: 'state', state: verdict },
          ' ',
          { kind: 'time', at, form: 'date' },
        ]),
      ],
    },
  ];
}

type Event = GatePageView['history'][number];

function lookOf({ what, verdict }: Event): { readonly state: State; readonly word?: string } {
  return what === 'turned' ? { state: verdict ?? 'no-data' } : LOOKS[what];
}

const LOOKS: Readonly<Record<Exclude<Event['what'], 'turned'>, { readonly state: State; readonly word: string }>> = {
  waived: { state: 'waived', word: 'waived' },
  'waiver-ended': { state: 'skipped', word: 'waiver ended' },
  signed: { state: 'pass', word: 'signed' },
  'sign-off-revoked': { state: 'skipped', word: 'taken back' },
  proved: { state: 'pass', word: 'proved' },
  refused: { state: 'failing', word: 'refused' },
};

function historyTable({ history, gate, release }: GatePageView): Block {
  return {
    kind: 'table',
    id: 'history',
    caption: `What was decided about ${gate.id} of ${release}, and how it was seen to turn, newest first`,
    columns: [
      { key: 'what', name: 'What' },
      { key: 'when', name: 'When' },
      { key: 'who', name: 'Who' },
      { key: 'text', name: 'Said' },
      { key: 'seq', name: 'Entry', align: 'right' },
    ],
    groups: [
      {
        name: null,
        rows: history.map((event) => ({
          key: String(event.seq),
          href: entryHref(event.seq),
          cells: [
            { kind: 'state', ...lookOf(event) },
            minute(event.at),
            person(event.actor),
            event.text,
            String(event.seq),
          ],
        })),
      },
    ],
    empty:
      'Nobody has decided anything about this gate: no waiver, no sign-off. How its verdict turns is recorded while a server watches the train: signalbox serve.',
  };
}
