import type { CalendarDate } from '../../domain/instant.ts';
import { dateText, dayOf, spanOf } from '../../domain/month.ts';
import type { Train } from '../../domain/train/train.ts';
import { type CadenceDate, cadenceDates } from './cadence.ts';

/** A date of the cadence as an entry of somebody's calendar: whole days, `until` not included. */
export interface CalendarEvent {
  /** The same for the same date of the same train for ever: a moved date moves the entry instead of adding one. */
  readonly id: string;
  readonly title: string;
  readonly from: CalendarDate;
  readonly until: CalendarDate;
  readonly tentative: boolean;
  /** How often the date was moved. */
  readonly revision: number;
  readonly description: string;
}

/** The cadence as calendar entries; a date of which only the month is known takes the whole month. */
export function calendarEvents(train: Train): readonly CalendarEvent[] {
  return cadenceDates(train.calendar).flatMap((planned) => {
    const { date } = planned;
    if (date.on === undefined) return [];
    const month = dayOf(date.on) === null;
    const notes = [
      ...(month ? [`Only the month is known: ${dateText(date.on)}.`] : []),
      ...(date.state === 'tentative' ? ['Tentative.'] : []),
      ...date.moved.map(({ on, from, to, by, why }) => `${on}: moved from ${from} to ${to} by ${by}: ${why}`),
    ];
    return [
      {
        id: `${train.train}-${planned.release}-${planned.what === 'cut' ? 'cut' : 'release'}`,
        title: `${train.title} ${titleOf(planned)}${month ? ' (this month)' : ''}`,
        ...spanOf(date.on),
        tentative: date.state === 'tentative',
        revision: date.moved.length,
        description: notes.join('\n'),
      },
    ];
  });
}

function titleOf({ line, what, release }: CadenceDate): string {
  return what === 'cut' ? `${line} release branch cut` : `${release} release`;
}
