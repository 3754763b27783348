import { placeWords, publishedVerdict } from '../../app/promotion/published-words.ts';
import type { PublishedRelease, PublishedRow } from '../../app/promotion/published.ts';
import type { Observed } from '../../domain/observation.ts';
import type { ShownPlace } from '../../app/promotion/observe.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';
import { clockTime, due } from '../../domain/time-text.ts';

const SHOWN = 8;

/** What is public, where, since when, and which undo there is; then what each place shows now, read from outside. */
export function renderPublished(published: PublishedRelease, room: Room, verbose: boolean): readonly Line[] {
  const { rows, places, candidate, release } = published;
  const head = line(span(`${release}, from ${candidate}`, 'strong'));
  return [
    head,
    BLANK,
    ...table({
      columns: [
        { title: '' },
        { title: 'WHAT' },
        { title: 'WHERE' },
        { title: 'WHEN', whole: true },
        { title: 'UNDO', prose: true },
      ],
      rows: rows.map((row) => rowCells(row, room)),
      width: room.width,
    }),
    BLANK,
    ...places.flatMap((place) => placeLines(place, { room, most: verbose ? Infinity : SHOWN })),
    ...recheckLines(published, room),
    BLANK,
    ...verdictLines(published, room),
  ];
}

function rowCells(row: PublishedRow, room: Room): readonly Line[] {
  return [
    line(row.isPermanent ? shape('permanent') : ' '),
    line(`${row.what} ${row.count}`),
    line(row.where),
    line(row.since === null ? 'not yet' : clockTime(row.since, room.now)),
    line(row.undo),
  ];
}

function placeLines(
  place: Observed<ShownPlace>,
  { room, most }: { readonly room: Room; readonly most: number },
): readonly Line[] {
  const { state, text, findings } = placeWords(place);
  return [
    ...paragraph(line(shape(state), ` ${text}`), room.width, 0, 2),
    ...findings.slice(0, most).flatMap((each) => paragraph(line(each), room.width, 4, 2)),
    ...(findings.length > most ? [line(`    and ${findings.length - most} more: add -v`)] : []),
  ];
}

function recheckLines({ rechecks, next }: PublishedRelease, room: Room): readonly Line[] {
  const taken = rechecks.map(({ name, at, holds }) =>
    line(shape(holds ? 'pass' : 'failing'), ` looked again ${name.replace('-', ' ')}: ${clockTime(at, room.now)}`),
  );
  const coming =
    next === null
      ? []
      : [line(shape('queued'), ` next look, ${next.name.replace('-', ' ')}: ${due(next.at, room.now)}`)];
  return taken.length + coming.length === 0 ? [] : [BLANK, ...taken, ...coming];
}

function verdictLines(published: PublishedRelease, room: Room): readonly Line[] {
  const { state, text } = publishedVerdict(published);
  return paragraph(line(shape(state), ` ${text}`), room.width, 0, 2);
}
