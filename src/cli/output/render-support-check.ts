import { changeText, type SupportCheck, type SupportFinding } from '../../app/support.ts';
import type { State } from '../../domain/state.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';

const STANDING: Record<SupportFinding['standing'], State> = { open: 'needs-you', excepted: 'waived', note: 'pass' };

/** Each line with what does not follow the policy, what would mend it, what its Pythons are, and what changes to the line before. */
export function renderSupportCheck(checks: readonly SupportCheck[], room: Room): readonly Line[] {
  if (checks.length === 0) return [line('The train file has no support matrix. See: signalbox config explain support')];
  return checks.flatMap((check, index) => [...(index === 0 ? [] : [BLANK]), ...ofLine(check, room)]);
}

function ofLine({ line: of, day, isPlanned, findings, patches, unknown, python, changes }: SupportCheck, room: Room) {
  const open = findings.filter(({ standing }) => standing === 'open').length;
  const count = open === 0 ? 'follows the policy' : `${open} to settle`;
  const when = isPlanned ? `comes out on ${day}` : `judged for today, ${day}: no release day is planned`;
  return [
    ...paragraph(
      line(span(`Support of ${of}`, 'strong'), unknown === null ? `: ${count}` : `: ${count}, as far as is known`),
      room.width,
    ),
    ...paragraph(line(span(when, 'mute')), room.width, 2),
    ...(unknown === null
      ? []
      : [
          ...paragraph(line(shape('no-data'), ` Python is not judged: ${unknown}`), room.width, 0, 2),
          line('    fix: signalbox support refresh --from FILE|URL'),
        ]),
    ...findings.flatMap((finding) => ofFinding(finding, of, room)),
    ...(findings.some(({ standing, change }) => standing === 'open' && change !== null)
      ? [line(`    propose the changes: signalbox support propose ${of}.0`)]
      : []),
    ...patches.flatMap(({ minor, rule, versions, endOfLife }) => {
      const why = rule === 'latest-bugfix' ? 'latest bugfix release' : 'security releases';
      return paragraph(
        line(`Python ${minor.padEnd(5)} ${spanOf(versions)}, ${why}; ends ${endOfLife}`),
        room.width,
        2,
        13,
      );
    }),
    ...(changes === null
      ? []
      : paragraph(
          line(
            `Since ${changes.since}: ${changes.added.length} builds more, ${changes.removed.length} fewer: signalbox artifact expected ${of}.0`,
          ),
          room.width,
          2,
          2,
        )),
    ...paragraph(line(span(dataText(python), 'mute')), room.width, 2, 2),
  ];
}

function dataText(python: SupportCheck['python']): string {
  return `data: ${python.source}${python.known ? `, which knows releases until ${python.value.asOf}` : ''}`;
}

function spanOf(versions: readonly string[]): string {
  const [first, ...rest] = versions;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return first ?? 'nothing is out yet';
  return rest.length === 1 ? `${first}, ${last}` : `${first} to ${last}`;
}

function ofFinding(
  { standing, rule, text, change, exception, subject }: SupportFinding,
  of: string,
  room: Room,
): readonly Line[] {
  const answers = exception === null ? '' : ` (@${exception.owner} until ${exception.until}: ${exception.reason})`;
  const ask =
    standing !== 'open'
      ? []
      : rule === 'exception'
        ? [`fix: give it another end, or mend the matrix: support.policy.exceptions`]
        : [
            `fix: ${change === null ? `change lines."${of}"` : `${changeText(change)} in lines."${of}"`} of support.yaml, or an exception for ${subject} with owner, reason and end`,
          ];
  return [
    ...paragraph(line(shape(STANDING[standing]), ` ${text}${answers} [${rule}]`), room.width, 0, 2),
    ...ask.flatMap((each) => paragraph(line(each), room.width, 4, 5)),
  ];
}
