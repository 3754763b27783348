import { cadenceMarkdown, calendarCsv } from '../../app/calendar.ts';
import type { Answer } from '../output/answer.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';
import { loadedTrain } from '../train-file.ts';
import { documentAnswer } from './document.ts';

const FORMATS = ['ics', 'csv', 'markdown'] as const;

export async function run(session: Session): Promise<Answer> {
  const asked = FORMATS.filter((format) => session.flags.has(format));
  const [format] = asked;
  if (format === undefined || asked.length > 1) throw usage('name one format: --ics, --csv or --markdown');
  const { train } = await loadedTrain(session);
  switch (format) {
    case 'ics': {
      const { calendarIcs } = await import('../../app/calendar-ics.ts');
      return documentAnswer('calendar-export', calendarIcs(train, session.now));
    }
    case 'csv':
      return documentAnswer('calendar-export', calendarCsv(train));
    case 'markdown':
      return documentAnswer('calendar-export', cadenceMarkdown(train.calendar));
  }
}
