export { releaseDayList, reopeningOf, requestedStep, tickOf, type DayStanding, type DonePlan } from './decide.ts';
export { explainDay, type DayProblem } from './problem.ts';
