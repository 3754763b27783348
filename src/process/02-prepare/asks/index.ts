export { type FinalFacts, type OwnFacts } from './fill.ts';
export { askGate, askVerdict, fixOf, summaryOf } from './gate.ts';
export { judgeAsk } from './judge.ts';
export { linksIn, MOST_LINKS } from './links.ts';
export { readAsk, readAskWorld, type AskPorts } from './read.ts';
export { foldAsk, type AskRecord } from './records.ts';
export { askMayBeDue, askReminderMarker, dueAskReminders, type AskReminder } from './reminders.ts';
export { decideSend, explainSend, type SendProblem } from './send.ts';
