import type { GateView } from '../../api/views/gate.ts';
import { isOpen } from '../../domain/gate.ts';
import { addSeconds, dateOf } from '../../domain/instant.ts';
import { gateHref, releaseHref } from '../../domain/page-path.ts';
import { barredFrom, type Action, type Block, type Column, type PageRoom, type Rich, type Row } from '../doc.ts';
import { reasonField } from './fields.ts';
import { signActions } from './gate-signing.ts';
import { command, firstOf, minute, people, person, since } from './said.ts';

export const GATE_COLUMNS: readonly Column[] = [
  { key: 'gate', name: 'Gate' },
  { key: 'state', name: 'State' },
  { key: 'evidence', name: 'Evidence' },
  { key: 'owner', name: 'Owner' },
  { key: 'since', name: 'Since' },
];

/** Gates that are decisions shown as gates: they are moved by taking the decision back, not by waiving. */
const DECIDED: ReadonlySet<string> = new Set(['release-abandoned', 'train-frozen']);

/** A gate as a row, with what moves it and its evidence under it. */
export function gateRow(gate: GateView, release: string, room: PageRoom): Row {
  return {
    key: gate.id,
    cells: [
      gate.id,
      { kind: 'state', state: gate.verdict },
      gate.summary,
      // Nobody has to be named for what lets the train through.
      gate.owners.length === 0 && isOpen(gate) ? '' : firstOf(gate.owners),
      since(gate.since),
    ],
    ...(DECIDED.has(gate.id) ? {} : { href: gateHref(release, gate.id) }),
    details: gateDetails(gate, release),
    actions: gateActions(gate, release, room),
  };
}

/** What moves a gate, who may, its waiver and its evidence. */
export function gateDetails(gate: GateView, release: string): readonly Block[] {
  const { waiver, fix, owners, evidence } = gate;
  const rows = [
    ...(fix === null ? [] : [{ name: 'Fix', value: command(fix) }]),
    { name: 'Owners', value: people(owners) },
    ...furtherOf(gate.id, release),
    ...(waiver === null
      ? []
      : [{ name: 'Waived', value: ['by ', person(waiver.by), ' until ', minute(waiver.until), `: ${waiver.reason}`] }]),
  ];
  return [{ kind: 'facts', rows }, evidenceBlock(evidence)];
}

/** The page that shows more of what it rests on. */
function furtherOf(gate: string, release: string): readonly { readonly name: string; readonly value: Rich }[] {
  if (gate.startsWith('ask:')) {
    const asks = { kind: 'link' as const, href: `${releaseHref(release)}/asks`, text: 'its text, and every other ask' };
    return [{ name: 'Asks', value: asks }];
  }
  if (!gate.startsWith('no-perf-regression:')) return [];
  const href = `${releaseHref(release)}/performance`;
  return [{ name: 'Picture', value: { kind: 'link', href, text: 'every benchmark with its interval' } }];
}

function evidenceBlock(evidence: GateView['evidence']): Block {
  if (evidence.length === 0)
    return { kind: 'paragraph', text: 'No evidence: the verdict follows from the train file or from a decision.' };
  return {
    kind: 'list',
    items: evidence.map(({ text, link, source, at }) => [
      link === undefined ? text : { kind: 'link', href: link, text },
      ` (${source}, `,
      minute(at),
      ')',
    ]),
  };
}

const A_WEEK = 7 * 24 * 60 * 60;

/** What can be decided about a gate now. */
export function gateActions(gate: GateView, release: string, room: PageRoom): readonly Action[] {
  if (DECIDED.has(gate.id)) return [];
  const barred = barredFrom(room, ['release-manager']);
  if (gate.verdict === 'waived') {
    return [
      {
        id: `end-waiver-${gate.id}`,
        label: 'End waiver',
        href: `${gateHref(release, gate.id)}/end-waiver`,
        fields: [reasonField()],
        command: `signalbox gate waive ${release} ${gate.id} --end -m REASON`,
        undo: 'full',
        barred,
        tells: `${gate.id} of ${release} closes again, unless its evidence is good by now.`,
      },
    ];
  }
  if (isOpen(gate)) return signActions(gate, release, room);
  return [
    ...signActions(gate, release, room),
    {
      id: `waive-${gate.id}`,
      label: 'Waive gate',
      href: `${gateHref(release, gate.id)}/waive`,
      fields: [
        reasonField(),
        {
          name: 'until',
          label: 'Until',
          kind: 'date',
          required: true,
          value: dateOf(addSeconds(room.now, A_WEEK)),
          hint: 'The waiver ends with this day, UTC; at most 31 days from now.',
        },
      ],
      command: `signalbox gate waive ${release} ${gate.id} -m REASON --until UNTIL`,
      undo: 'full',
      barred,
      tells: `${gate.id} of ${release} lets the train through until then, whatever its evidence says. It stands in the log, and on this page.`,
    },
  ];
}
