export { recordAsk, sendAsk, showAsk, withdrawAsk } from './asks/act.ts';
export { askStandings } from './asks/standing.ts';
export { dueText } from '../domain/due.ts';
export { askVerdict, fixOf, summaryOf } from '../process/02-prepare/index.ts';
