import type { CheckedWheel, Finding, WheelCheck } from '../../app/wheel-check.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { many } from '../../domain/words.ts';
import { shape, type State } from './shapes.ts';
import { sizeText } from './size.ts';
import { table } from './table.ts';

const SEVERITIES = { error: 'failing', warning: 'needs-you' } as const satisfies Record<Finding['severity'], State>;

/** The wheels in a table, then what was found in each and between them, with its place. */
export function renderWheelCheck({ wheels, together }: WheelCheck, quick: boolean, room: Room): readonly Line[] {
  const all = [...wheels.flatMap(({ findings }) => findings), ...together];
  return [
    ...table({
      width: room.width,
      columns: [
        { title: '', whole: true },
        { title: 'WHEEL' },
        { title: 'SIZE', align: 'right', whole: true, optional: true },
        { title: 'FILES', align: 'right', whole: true, optional: true },
        { title: 'FOUND', whole: true },
      ],
      rows: wheels.map((wheel) => rowOf(wheel, together)),
    }),
    ...wheels.flatMap((wheel) => detailsOf(wheel, room)),
    ...(together.length === 0 ? [] : [BLANK, line(span('Between the wheels', 'strong'))]),
    ...together.flatMap((finding) => findingLines(finding, room, `${finding.wheel}: `)),
    BLANK,
    ...sumLines(wheels, all, { quick, room }),
  ];
}

function rowOf(wheel: CheckedWheel, together: readonly Finding[]): readonly Line[] {
  const { seen, fileName, findings } = wheel;
  if (seen === null) return [[shape('no-data')], line(fileName), [], [], line('could not be read')];
  const mine = [...findings, ...together.filter((finding) => finding.wheel === fileName)];
  return [
    [shape(stateOf(mine))],
    line(fileName),
    line(sizeText(seen.size)),
    line(String(seen.files)),
    line(mine.length === 0 ? 'nothing' : counted(mine)),
  ];
}

function stateOf(findings: readonly Finding[]): State {
  if (findings.some(({ severity }) => severity === 'error')) return 'failing';
  return findings.length > 0 ? 'needs-you' : 'pass';
}

function counted(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return [...(errors > 0 ? [many(errors, 'error')] : []), ...(warnings > 0 ? [many(warnings, 'warning')] : [])].join(
    ', ',
  );
}

function detailsOf({ fileName, findings, unreadable }: CheckedWheel, room: Room): readonly Line[] {
  if (unreadable !== null)
    return [
      BLANK,
      ...paragraph(line(span(fileName, 'strong')), room.width),
      ...paragraph(line(shape('no-data'), ` ${unreadable.code}: ${unreadable.text}`), room.width, 2, 2),
    ];
  if (findings.length === 0) return [];
  return [
    BLANK,
    ...paragraph(line(span(fileName, 'strong')), room.width),
    ...[...Map.groupBy(findings, ({ check }) => check).values()].flatMap((alike) => alikeLines(alike, room)),
  ];
}

/** Of one check the first few; the rest is in --json. */
const SHOWN = 3;

function alikeLines(findings: readonly Finding[], room: Room): readonly Line[] {
  const shown = findings.length <= SHOWN + 1 ? findings : findings.slice(0, SHOWN);
  const hidden = findings.length - shown.length;
  return [
    ...shown.flatMap((finding) => findingLines(finding, room, '')),
    ...(hidden === 0
      ? []
      : paragraph(
          line(span(`and ${hidden} more of ${findings[0]?.check ?? ''}; --json has them`, 'mute')),
          room.width,
          4,
        )),
  ];
}

function findingLines(
  { check, severity, entry, line: number, text }: Finding,
  room: Room,
  lead: string,
): readonly Line[] {
  const place = entry === null ? '' : `${entry}${number === null ? '' : `:${number}`}`;
  return [
    ...paragraph(
      line(shape(SEVERITIES[severity]), ` ${check}`, ...(place === '' ? [] : [span(`  ${place}`, 'mute')])),
      room.width,
      2,
      2,
    ),
    ...paragraph(line(`${lead}${text}`), room.width, 4),
  ];
}

function sumLines(
  wheels: readonly CheckedWheel[],
  findings: readonly Finding[],
  { quick, room }: { readonly quick: boolean; readonly room: Room },
): readonly Line[] {
  const unread = wheels.filter(({ seen }) => seen === null).length;
  const state = unread > 0 ? 'no-data' : stateOf(findings);
  const parts = [
    `${many(wheels.length - unread, 'wheel')} checked${quick ? ' by names and sizes; no hash was checked (leave out --quick)' : ', every byte read'}`,
    findings.length === 0 ? 'nothing found' : `${counted(findings)} found`,
    ...(unread > 0 ? [`${unread} could not be read`] : []),
  ];
  return paragraph(line(shape(state), ` ${parts.join('; ')}.`), room.width, 0, 2);
}
