import type { GatePageView } from '../../api/views/gate.ts';
import { isOpen } from '../../domain/gate.ts';
import { stateAge } from '../../domain/gate-text.ts';
import type { State } from '../../domain/state.ts';
import type { Block, Doc, PageRoom } from '../doc.ts';
import { entryHref, releaseHref } from './addresses.ts';
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
      { kind: 'section', id: 'evidence', heading: 'Evidence and owners', blocks: gateDetails(gate) },
      { kind: 'actions', actions: gateActions(gate, release, room) },
      { kind: 'section', id: 'history', heading: 'Decisions', blocks: [historyTable(view)] },
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

const LOOKS: Readonly<
  Record<GatePageView['history'][number]['what'], { readonly state: State; readonly word: string }>
> = {
  waived: { state: 'waived', word: 'waived' },
  'waiver-ended': { state: 'skipped', word: 'waiver ended' },
  signed: { state: 'pass', word: 'signed' },
  proved: { state: 'pass', word: 'proved' },
  refused: { state: 'failing', word: 'refused' },
};

function historyTable({ history, gate, release }: GatePageView): Block {
  return {
    kind: 'table',
    id: 'history',
    caption: `What was decided and recorded about ${gate.id} of ${release}`,
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
        rows: history.map(({ seq, at, actor, what, text }) => ({
          key: String(seq),
          href: entryHref(seq),
          cells: [{ kind: 'state', ...LOOKS[what] }, minute(at), person(actor), text, String(seq)],
        })),
      },
    ],
    empty:
      'Nobody has decided anything about this gate: no waiver, no sign-off. The log keeps decisions; verdicts are judged afresh and not kept there.',
  };
}
