export { decideHealth, readHealth, type FinalCommits } from './health.ts';
