import { isOpen, type Gate } from '../../domain/gate.ts';
import { countClosed, stateAge } from '../../domain/gate-text.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape, STATES, stateWord } from './shapes.ts';
import { table } from './table.ts';
import { ago, clockTime, dayText } from '../../domain/time-text.ts';
import { dateOf } from '../../domain/instant.ts';
import { columnsOf } from './text.ts';

/** `data from 14:02 UTC, 4 s ago`, for the right edge. */
export function freshness(asOf: Instant | null, now: Instant): Line {
  return asOf === null ? BLANK : line(span(`data from ${clockTime(asOf, now)}, ${ago(asOf, now)}`, 'mute'));
}

export interface BlockersShow {
  /** What is blocked: `2.8.0-rc3`, `the cut of 2.8`. */
  readonly subject: string;
  readonly gates: readonly Gate[];
  /** Closed gates that do not block the subject, but something after it. */
  readonly later?: readonly Gate[];
  readonly asOf: Instant | null;
  /** Login of who asks: shown as `you`. */
  readonly who: string;
}

/** What blocks: each closed gate with its owner, age, evidence and the command that moves it; waivers last. */
export function renderBlockers({ subject, gates, later = [], asOf, who }: BlockersShow, room: Room): readonly Line[] {
  const closed = gates.filter((gate) => !isOpen(gate));
  const waived = gates
    .filter((gate) => gate.verdict === 'waived')
    .flatMap((gate) => paragraph(waiverLine(gate, room.now), room.width, 0, 2));
  const after = laterLines(later, room);
  const fresh = freshness(asOf, room.now);
  if (closed.length === 0) {
    return [
      ...spread(
        line(shape('pass'), ` Nothing blocks ${subject}: ${gates.length} of ${gates.length} gates pass`),
        fresh,
        room.width,
      ),
      ...(waived.length > 0 ? [BLANK, ...waived] : []),
      ...after,
    ];
  }
  const title = closed.length === 1 ? `1 thing blocks ${subject}` : `${closed.length} things block ${subject}`;
  return [
    ...spread(line(span(title, 'strong')), fresh, room.width),
    BLANK,
    ...closed.flatMap((gate) => gateBlock(gate, closed, who, room)),
    ...(waived.length > 0 ? [BLANK, ...waived] : []),
    ...after,
  ];
}

function gateBlock(gate: Gate, all: readonly Gate[], who: string, room: Room): readonly Line[] {
  const idWidth = Math.min(34, Math.max(...all.map((each) => columnsOf(each.id))));
  const state = stateAge(gate, room.now);
  const stateWidth = Math.max(...all.map((each) => columnsOf(stateAge(each, room.now))));
  const lead = line(
    shape(gate.verdict),
    ' ',
    span(gate.id.padEnd(idWidth), 'strong'),
    '  ',
    span(state.padEnd(stateWidth), STATES[gate.verdict].tone),
    '  ',
    ownersText(gate, who),
  );
  return [
    ...paragraph(lead, room.width, 0, 4),
    ...paragraph(line(gate.summary), room.width, 4),
    ...(gate.fix === null ? [] : paragraph(line(`fix: ${gate.fix}`), room.width, 4, 5)),
  ];
}

/** `you`, `@sekyon`, `releng`: a login gets its @ where it is one of a person. */
function ownersText(gate: Gate, who: string): string {
  return gate.owners.map((owner) => (owner === who ? 'you' : `@${owner.replace(/^@/u, '')}`)).join(', ');
}

/** Who must act, and how many others may: `you +1`. */
function firstOwner(gate: Gate, who: string): string {
  const [first, ...others] = gate.owners;
  if (first === undefined) return '';
  return `${ownersText({ ...gate, owners: [first] }, who)}${others.length === 0 ? '' : ` +${others.length}`}`;
}

/** What is closed too, in short: it will have to move, but not for the next step. */
function laterLines(later: readonly Gate[], room: Room): readonly Line[] {
  if (later.length === 0) return [];
  const names = later.map((gate) => `${gate.id} (${STATES[gate.verdict].word})`).join(', ');
  return [BLANK, ...paragraph(line(`Closed for later steps: ${names}`), room.width, 0, 2)];
}

function waiverLine(gate: Gate, now: Instant): Line {
  const { waiver } = gate;
  if (waiver === null) return line(`Waived: ${gate.id}`);
  return line(
    'Waived: ',
    gate.id,
    `, by @${waiver.by} until ${dayText(dateOf(waiver.until), now)} ("${waiver.reason}")`,
  );
}

/** Gates as a table. */
export function renderGates({ subject, gates, asOf, who }: BlockersShow, room: Room): readonly Line[] {
  if (gates.length === 0) return [line(`${subject} has no gates.`)];
  const rows = gates.map((gate) => [
    line(shape(gate.verdict)),
    line(span(gate.id, 'strong')),
    line(stateWord(gate.verdict)),
    line(gate.summary),
    line(firstOwner(gate, who)),
  ]);
  const columns = [
    { title: '' },
    { title: 'GATE', whole: true },
    { title: 'STATE', whole: true },
    { title: 'EVIDENCE', prose: true },
    { title: 'OWNER', whole: true, optional: true },
  ];
  const open = gates.filter(isOpen).length;
  return [
    ...spread(line(span(subject, 'strong')), freshness(asOf, room.now), room.width),
    BLANK,
    ...table({ columns, rows, width: room.width }),
    BLANK,
    ...paragraph(
      open === gates.length
        ? line(shape('pass'), ` ${open} of ${gates.length} gates pass.`)
        : line(shape('failing'), ` ${open} of ${gates.length} gates pass. ${countClosed(gates)}.`),
      room.width,
      0,
      2,
    ),
  ];
}

/** One gate with its evidence. */
export function renderGate(gate: Gate, who: string, room: Room): readonly Line[] {
  return [
    ...paragraph(
      line(
        shape(gate.verdict),
        ' ',
        span(gate.id, 'strong'),
        '  ',
        span(stateAge(gate, room.now), STATES[gate.verdict].tone),
        '  ',
        ownersText(gate, who),
      ),
      room.width,
      0,
      4,
    ),
    ...paragraph(line(gate.summary), room.width, 4),
    ...(gate.evidence.length === 0 ? [] : [BLANK, line(span('  EVIDENCE', 'mute'))]),
    ...gate.evidence.flatMap((each) => [
      ...paragraph(line(each.text), room.width, 2, 2),
      ...paragraph(
        line(
          span(
            `${each.source}, ${clockTime(each.at, room.now)}${each.link === undefined ? '' : `, ${each.link}`}`,
            'mute',
          ),
        ),
        room.width,
        4,
        2,
      ),
    ]),
    ...(gate.waiver === null ? [] : [BLANK, ...paragraph(waiverLine(gate, room.now), room.width, 2, 2)]),
    ...(gate.fix === null || isOpen(gate) ? [] : [BLANK, ...paragraph(line(`fix: ${gate.fix}`), room.width, 2, 5)]),
  ];
}
