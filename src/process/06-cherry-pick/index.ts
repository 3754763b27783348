export {
  decideDispensation,
  decidePickApproval,
  decidePickQuestion,
  decidePickRefusal,
  decidePickReopening,
  decidePickReply,
  decidePickWithdrawal,
  type Decision,
} from './decisions.ts';
export * from './command/index.ts';
export { decidePick, type PickDecision, type PickRequest } from './decide.ts';
export { type ChangeHistory, type FixesFacts } from './facts.ts';
export { decideSettledGates, type DeclinedRevert, type RevertStanding } from './gates.ts';
export { conflictsOnlyInGenerated, generatedFiles } from './generated.ts';
export { type RunLink } from './link.ts';
export { namesPick, pickBranches } from './making.ts';
export { explain, type PickProblem } from './problem.ts';
export { type ProtectedHunk } from './protect.ts';
export { readPick, type PickPorts } from './read.ts';
export { foldPicks, recordOf, type PickRecord } from './record.ts';
export { dueReminders, hoursDue, mayBeDue, type Reminder } from './reminders.ts';
export * from './render/index.ts';
export { isSettled, standingOf, type PickObserved, type StandingPick } from './state.ts';
export { openBranches, targetOf, type PickTarget } from './target.ts';
export * from './tracker/index.ts';
export { lastClose, windowAt, type PhaseEnds, type PickWindow } from './window.ts';
