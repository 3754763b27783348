export { explainTracker, trackerBody, TRACKER_LIMIT } from './body.ts';
export { checkedItems, milestoneChecklist } from './checklist.ts';
export { nominationComment, readNomination } from './comment.ts';
export { dateWarnings, explainDate, readDate } from './dates.ts';
export { type TrackerView } from './sections.ts';
export { parseTrackerTitle, trackerOf } from './title.ts';
