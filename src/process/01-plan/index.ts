export { calendarEvents, type CalendarEvent } from './calendar-events.ts';
export { type CadenceDate, cadenceDates, cadenceLines, cadenceMarkdown, plannedText } from './cadence.ts';
export { type Deadline, deadlinesOf, type Slip, slipsOf } from './deadlines.ts';
export { type Contact, contactsOf, decidePeople } from './people.ts';
export {
  operatingSystemsMarkdown,
  supportMarkdown,
  supportMatrix,
  type SupportCell,
  type SupportMatrix,
  type SupportRow,
} from './support-matrix.ts';
