export { code, fenced, inline, mention, quote } from './escape.ts';
export {
  answerMarker,
  commandProblemReply,
  conflictReply,
  helpReply,
  lateReply,
  marked,
  problemReply,
  questionReply,
  refusalReply,
  reminderMarker,
  reminderReply,
  revertReminderReply,
  revertReply,
  whereReply,
  type WhereRow,
} from './replies.ts';
export { sameButForTime } from './sameness.ts';
export { announcementOf, pickMarker, saidMarker, statusComment } from './status.ts';
