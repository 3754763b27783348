import { calendarOf } from '../../app/calendar.ts';
import { parseRelease } from '../../app/releases.ts';
import { lineOf } from '../../domain/version.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderCalendar } from '../output/render-calendar.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { loadedTrain } from '../train-file.ts';

/** Dates come from the train file alone: neither the network nor the database is asked. */
export async function run(session: Session): Promise<Answer> {
  const { train } = await loadedTrain(session);
  const typed = session.argument('REL');
  const release = typed === null ? null : valueOf(parseRelease(typed));
  const shown = calendarOf(train, release === null ? null : lineOf(release), session.now);
  const title = release === null ? train.title : `${train.title} ${lineOf(release)}`;
  return {
    schema: 'calendar',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: shown,
    records: shown.dates.map(({ line, what, release: of, date }) => [line, what, of, date.on ?? '', date.state]),
    lines: (room) => renderCalendar(shown, title, room),
  };
}
