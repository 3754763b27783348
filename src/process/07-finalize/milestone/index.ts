export { planAsks } from './ask.ts';
export { readMilestones } from './read.ts';
export { standingItems, type RecordedWord, type StandingItem } from './standing.ts';
export { decideMilestone, standingText, type MilestoneFacts } from './decide.ts';
