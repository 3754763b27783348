export { readMilestones, type RepoMilestone } from './read.ts';
export { standingItems, type CandidateKnowledge, type RecordedWord, type StandingItem } from './standing.ts';
export { decideMilestone, standingText, type MilestoneFacts } from './decide.ts';
