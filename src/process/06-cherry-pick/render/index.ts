export { questionReply, refusalReply, releasedReply, takenBackReply } from './decided.ts';
export { code, fenced, inline, mention, quote } from './escape.ts';
export {
  answerMarker,
  commandProblemReply,
  conflictReply,
  helpReply,
  lateReply,
  marked,
  problemReply,
  revertReply,
  whereReply,
  type WhereRow,
} from './replies.ts';
export { reminderMarker, reminderReply, revertReminderReply } from './reminders.ts';
export { sameButForTime } from './sameness.ts';
export { announcementOf, pickMarker, saidMarker, statusComment } from './status.ts';
