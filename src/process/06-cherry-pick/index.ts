export {
  decideDispensation,
  decidePickApproval,
  decidePickQuestion,
  decidePickRefusal,
  decidePickReopening,
  decidePickWithdrawal,
  type Decision,
} from './decisions.ts';
export * from './command/index.ts';
export { decidePick, type PickDecision, type PickRequest } from './decide.ts';
export {
  type ChangeFacts,
  type ChangeHistory,
  type FixesFacts,
  type LineFacts,
  type Permission,
  type PickFacts,
  type PickPull,
} from './facts.ts';
export { decideSettledGates, isOwed, type DeclinedRevert, type RevertStanding, type SettledFacts } from './gates.ts';
export { fixesLink, type FixesLink } from './link.ts';
export { pickBranch } from './making.ts';
export { explain, type PickProblem } from './problem.ts';
export { type ProtectedHunk } from './protect.ts';
export { readPick, type PickPorts } from './read.ts';
export { foldPicks, recordOf, type PickDecided, type PickRecord, type Said } from './record.ts';
export { dueReminders, type Reminder } from './reminders.ts';
export * from './render/index.ts';
export {
  isSettled,
  standingOf,
  stateOf,
  waitsSince,
  type PickConflictReport,
  type PickObserved,
  type PickState,
  type StandingPick,
} from './state.ts';
export { openBranches, targetOf, type PickTarget } from './target.ts';
export * from './tracker/index.ts';
export { lastClose, momentIn, sayMoment, saySpan, windowAt, type PhaseEnds, type PickWindow } from './window.ts';
