export { calendarEvents } from './calendar-events.ts';
export { type CadenceDate, cadenceDates, cadenceMarkdown, plannedText } from './cadence.ts';
export { type Deadline, deadlinesOf, type Slip, slipsOf } from './deadlines.ts';
export { decidePeople } from './people.ts';
export { supportMarkdown, supportMatrix, type SupportMatrix } from './support-matrix.ts';
