export { explainTracker, trackerBody, TRACKER_LIMIT } from './body.ts';
export { checkedItems, milestoneChecklist } from './checklist.ts';
export { nominationComment, readNomination, type Nomination } from './comment.ts';
export {
  findTracker,
  readTracker,
  recordedTracker,
  trackerMarker,
  type FoundTracker,
  type TrackerFacts,
} from './found.ts';
export { amendedLandings, landingComments, missingLandings } from './landing.ts';
export { decideTrackerOpen, explainOpen, type OpenProblem, type TrackerRepo } from './open.ts';
export { dateWarnings, explainDate, readDate } from './dates.ts';
export { type TrackerView } from './sections.ts';
export { parseTrackerTitle, trackerOf } from './title.ts';
