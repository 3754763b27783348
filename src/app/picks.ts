export {
  approvePick,
  askPick,
  dispensePick,
  refusePick,
  reopenPick,
  showPick,
  withdrawPick,
  type PickName,
} from './picks/decide.ts';
export { decidedReverts, type DecidedRevert } from './picks/owed.ts';
export { requestPick, type PickAnswer, type PickOutcome, type RequestInput } from './picks/request.ts';
export { declineRevert, requestReverts, revertNamed, type RevertRequest } from './picks/reverts.ts';
export { seenPicks, standingPicks, type SeenPick } from './picks/standing.ts';
export { picksUntil, pickWindow } from './picks/targets.ts';
export { openTracker } from './picks/tracker-open.ts';
export { syncTracker, type SyncedTrackers } from './picks/tracker.ts';
