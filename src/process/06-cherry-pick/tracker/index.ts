export { explainTracker, trackerBody, trackerMarkerLine, TRACKER_LIMIT, type TrackerProblem } from './body.ts';
export { checkedItems, milestoneChecklist, type MilestoneItem } from './checklist.ts';
export { nominationComment, readNomination, type Nomination, type NominationClass, type Reference } from './comment.ts';
export {
  dateWarnings,
  explainDate,
  readDate,
  TRACKER_RULES,
  type DateOrder,
  type DateProblem,
  type DateRule,
  type TrackerDate,
} from './dates.ts';
export { type TrackerView } from './sections.ts';
export { parseTrackerTitle, trackerOf, type OpenTracker, type TrackerTitle } from './title.ts';
