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
  if (!place.known) {
    return paragraph(line(shape('no-data'), ` ${place.source} could not be read: ${place.reason}`), room.width, 0, 2);
  }
  const { where, wanted, faults, surplus } = place.value;
  const texts = [...faults, ...surplus.map((name) => `${name} is there, and nobody decided on it`)];
  if (texts.length === 0) return [line(shape('pass'), ` ${where}: all ${wanted} as they should be`)];
  const state = surplus.length === 0 && faults.length === wanted ? 'queued' : 'failing';
  const counts = `${wanted - Math.min(wanted, faults.length)} of ${wanted} as they should be`;
  const extra = surplus.length === 0 ? '' : `, ${surplus.length} that nobody decided on`;
  return [
    ...paragraph(line(shape(state), ` ${where}: ${counts}${extra}`), room.width, 0, 2),
    ...texts.slice(0, most).flatMap((text) => paragraph(line(text), room.width, 4, 2)),
    ...(texts.length > most ? [line(`    and ${texts.length - most} more: add -v`)] : []),
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

function verdictLines({ holds, publishedAt, release }: PublishedRelease, room: Room): readonly Line[] {
  const text = holds
    ? ` ${release} is released: every place was read from outside, and shows exactly its files.`
    : publishedAt === null
      ? ` ${release} is not released.`
      : ` ${release} was published and is not as it should be.`;
  const state = holds ? 'pass' : publishedAt === null ? 'queued' : 'failing';
  return paragraph(line(shape(state), text), room.width, 0, 2);
}
