import { eventText } from '../../domain/event-text.ts';
import { releaseOfEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import type { Room } from './answer.ts';
import { line, span, type Line } from './line.ts';
import { table } from './table.ts';
import { clockTime } from '../../domain/time-text.ts';

/** Events, newest last. */
export function renderLog(entries: readonly LedgerEntry[], room: Room): readonly Line[] {
  if (entries.length === 0)
    return [line('Nothing has happened yet. Events come with the first command that decides or changes something.')];
  const rows = entries.map((entry) => [
    line(span(String(entry.seq), 'strong')),
    line(clockTime(entry.at, room.now)),
    line(`@${entry.actor}`),
    line(releaseOfEvent(entry.event) ?? ''),
    line(eventText(entry.event)),
  ]);
  const columns = [
    { title: 'SEQ', whole: true, align: 'right' as const },
    { title: 'WHEN', whole: true },
    { title: 'WHO' },
    { title: 'RELEASE', whole: true, optional: true },
    { title: 'WHAT' },
  ];
  return table({ columns, rows, width: room.width });
}
