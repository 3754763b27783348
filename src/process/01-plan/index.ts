export { buildMatrix, type BuildRow } from './build-matrix.ts';
export { type CalendarFinding, calendarFindings } from './calendar-findings.ts';
export { calendarEvents } from './calendar-events.ts';
export { type CadenceDate, cadenceDates, cadenceMarkdown, plannedText } from './cadence.ts';
export { type Deadline, deadlinesOf, type Slip, slipsOf } from './deadlines.ts';
export { compatibilityOf } from './compatibility.ts';
export { type ExpectedChanges, expectedChanges } from './expected-changes.ts';
export { imageMatrix, type ImageRow } from './image-matrix.ts';
export {
  dateAt,
  type DatePlace,
  datePlace,
  explainMove,
  isMoved,
  type Move,
  movedDate,
  moveTitle,
} from './move-date.ts';
export { explainCadence, proposeCadence } from './next-cadence.ts';
export { markdownTable } from './markdown-table.ts';
export { explainMatrix } from './matrix-problem.ts';
export { type Contact, contactsOf, decidePeople } from './people.ts';
export {
  changeText,
  decideSupportPolicy,
  type SupportFinding,
  supportPolicy,
  type SupportPolicyView,
} from './policy/index.ts';
export { type CellChoice, selectCells } from './select-cells.ts';
export { changedLine } from './support-change.ts';
export { operatingSystemsMarkdown, supportMarkdown, supportMatrix, type SupportMatrix } from './support-matrix.ts';
export { type SyncMeeting, type SyncSeries, syncSeries } from './syncs.ts';
export {
  decideTrainFile,
  type EditedFile,
  readTrainFile,
  type TrainFileClosed,
  type TrainFileState,
  type TrainPlace,
  trainPlace,
} from './train-file/index.ts';
