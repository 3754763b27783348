import type { CalendarChange } from '../../app/calendar-change.ts';
import { MonthOrDay } from '../../domain/month.ts';
import { BLANK, line, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { renderCalendar } from '../output/render-calendar.ts';
import { shape } from '../output/shapes.ts';
import type { Answer } from '../output/answer.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';
import { proposedChange } from './proposed-change.ts';

/** A day or a month that was typed; anything else, as the 30th of February, ends the command. */
export function typedDate(typed: string): MonthOrDay {
  const parsed = MonthOrDay.safeParse(typed);
  if (parsed.success) return parsed.data;
  throw usage(
    `"${typed.slice(0, 40)}" is neither a day nor a month of the calendar`,
    'write 2026-03-16, or 2026-03 while no day is known',
  );
}

/** Tells the dates as they would be with what people should look at, then proposes the change. */
export async function calendarChangeAnswer(
  session: Session,
  proposal: CalendarChange,
  { title, schema, again }: { readonly title: string; readonly schema: string; readonly again: string },
): Promise<Answer> {
  const { calendar, findings, announce, change } = proposal;
  const told = (width: number): readonly Line[] => [
    ...renderCalendar(calendar, title, { width, now: session.now }),
    BLANK,
    ...findings.flatMap(({ text, code }) => paragraph(line(shape('needs-you'), ` ${text} [${code}]`), width, 0, 2)),
    ...(announce === null ? [] : paragraph(line(`Changes are announced: ${announce}`), width)),
  ];
  return proposedChange(session, { schema, change, told, data: proposal, again });
}
