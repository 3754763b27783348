import { beforeEach } from 'vitest';
import { jobsContract } from './jobs-contract.ts';
import { memoryJobs } from './memory-jobs.ts';
import { NOW } from './engine-world.ts';

const jobs = memoryJobs(() => NOW);
let used = 0;

beforeEach(() => {
  used += 1;
});

jobsContract(() => ({ jobs, queue: `queue-${used}` }));
