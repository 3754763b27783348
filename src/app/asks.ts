export { recordAsk, sendAsk, showAsk, withdrawAsk } from './asks/act.ts';
export { askStandings } from './asks/standing.ts';
export { askVerdict, dueText, fixOf, summaryOf } from '../process/02-prepare/index.ts';
