import type { MadeWheel, ReversionChange, ReversionedWheel } from '../../app/wheel-reversion.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { many } from '../../domain/words.ts';
import { shape, type State } from './shapes.ts';
import { sizeText } from './size.ts';
import { table } from './table.ts';

/** The wheels in a table; then of each which bytes became which, and what was changed, or why nothing was made. */
export function renderReversion(wheels: readonly ReversionedWheel[], out: string, room: Room): readonly Line[] {
  return [
    ...table({
      width: room.width,
      columns: [
        { title: '', whole: true },
        { title: 'WHEEL' },
        { title: 'VERSION', whole: true },
        { title: 'SIZE', align: 'right', whole: true, optional: true },
        { title: 'RESULT', whole: true },
      ],
      rows: wheels.map(rowOf),
    }),
    ...wheels.flatMap((wheel) => detailsOf(wheel, room)),
    BLANK,
    ...paragraph(line(shape(stateOf(wheels)), ` ${summary(wheels, out)}`), room.width, 0, 2),
  ];
}

function rowOf({ asked, made, problems }: ReversionedWheel): readonly Line[] {
  if (made === null) {
    const isRead = problems.every((problem) => problem.isRead);
    const name = asked.slice(asked.lastIndexOf('/') + 1);
    return [
      [shape(isRead ? 'failing' : 'no-data')],
      line(name),
      [],
      [],
      line(isRead ? 'refused' : 'could not be read'),
    ];
  }
  return [
    [shape('pass')],
    line(made.to.fileName),
    line(made.to.version),
    line(sizeText(made.size)),
    line(resultOf(made)),
  ];
}

function resultOf({ outcome, changes }: MadeWheel): string {
  const what = changes.length === 0 ? 'unchanged, ' : '';
  return `${what}${outcome === 'written' ? (changes.length === 0 ? 'copied' : 'written') : 'was there already'}`;
}

function detailsOf({ asked, made, problems }: ReversionedWheel, room: Room): readonly Line[] {
  if (made === null) {
    return [
      BLANK,
      ...paragraph(line(span(asked, 'strong')), room.width),
      ...problems.flatMap(({ code, text, isRead }) =>
        paragraph(line(shape(isRead ? 'failing' : 'no-data'), ` ${code}: ${text}`), room.width, 2, 2),
      ),
    ];
  }
  return [
    BLANK,
    ...paragraph(line(span(made.from.fileName, 'strong')), room.width),
    // Digests are kept whole: they are what is compared.
    line(`  from ${made.input}`),
    line(`  to   ${made.output}`),
    ...made.changes.flatMap((change) => paragraph(line(changeText(change)), room.width, 2, 2)),
  ];
}

function changeText(change: ReversionChange): string {
  switch (change.kind) {
    case 'version':
      return `Version ${change.from} becomes ${change.to}`;
    case 'folder':
      return `${change.from} becomes ${change.to} (${many(change.entries, 'file')})`;
    case 'requirement':
      return `Requires-Dist ${change.from} becomes ${change.to}`;
    case 'classifier':
      return `Classifier ${change.dropped} is gone`;
    case 'signature':
      return `${change.dropped} is gone: the signature would be wrong`;
  }
}

function stateOf(wheels: readonly ReversionedWheel[]): State {
  if (wheels.some(({ problems }) => problems.some(({ isRead }) => !isRead))) return 'no-data';
  return wheels.every(({ made }) => made !== null) ? 'pass' : 'failing';
}

function summary(wheels: readonly ReversionedWheel[], out: string): string {
  const made = wheels.filter((wheel) => wheel.made !== null).length;
  const not = wheels.length - made;
  return `${many(made, 'wheel')} made in ${out}${not === 0 ? '' : `, none of ${not === 1 ? '1 other' : `${not} others`}`}.`;
}
