export { recordAsk, sendAsk, showAsk, withdrawAsk } from './asks/act.ts';
export { askStandings } from './asks/standing.ts';
export { dueText, fixOf, summaryOf } from '../process/02-prepare/index.ts';
