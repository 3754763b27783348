export { decideReadiness } from './decide.ts';
export { readReadiness } from './read.ts';
export type { HeadJobs, MilestoneFacts, ReadinessFacts, ReadinessPorts, RepoReadiness } from './read.ts';
