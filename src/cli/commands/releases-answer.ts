import type { ReleaseRecord } from '../../app/releases.ts';
import type { Answer } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { table } from '../output/table.ts';
import { clockTime } from '../../domain/time-text.ts';

/** Releases as an answer, oldest version first, with a last line of its own. */
export function releasesAnswer(records: readonly ReleaseRecord[], last: readonly Line[] = []): Answer {
  return {
    schema: 'releases',
    asOf: null,
    stale: false,
    exit: 0,
    data: records,
    records: records.map((each) => [
      each.release,
      each.closed?.how ?? 'live',
      each.createdAt,
      each.createdBy,
      each.closed?.reason ?? '',
    ]),
    lines: (room) => {
      if (records.length === 0) return [line('No releases yet. Open one, for example: signalbox release create 2.8.0')];
      const rows = records.map((each) => [
        line(span(each.release, 'strong')),
        each.closed === null ? line(span('live', 'pass')) : line(span(each.closed.how, 'mute')),
        line(clockTime(each.createdAt, room.now)),
        line(`@${each.createdBy}`),
        line(each.closed === null ? '' : `${clockTime(each.closed.at, room.now)}: ${each.closed.reason}`),
      ]);
      const columns = [
        { title: 'RELEASE', whole: true },
        { title: 'STATE', whole: true },
        { title: 'CREATED' },
        { title: 'BY' },
        { title: 'CLOSED' },
      ];
      return [...table({ columns, rows, width: room.width }), ...last];
    },
  };
}
