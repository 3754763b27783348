import type { Instant } from '../domain/instant.ts';

/** Work to be done later, by whichever process gets to it. */
export interface JobDraft {
  /**
   * What the job is known by, for as long as keys are remembered: one that shares any of its keys with a job that was ever taken into the
   * queue is not taken again.
   */
  readonly keys: readonly [string, ...string[]];
  /** What the work needs: plain JSON. */
  readonly data: unknown;
}

export interface Job {
  readonly id: string;
  readonly data: unknown;
  /** 1 at the first try. A try that a killed process left behind counts. */
  readonly attempt: number;
  /** No try comes after this one: when it fails, the job is dead. */
  readonly isLast: boolean;
  readonly addedAt: Instant;
}

/** A job that failed as often as it may: nothing happens to it until a person says so. */
export interface DeadJob {
  readonly id: string;
  readonly data: unknown;
  readonly error: string;
  readonly diedAt: Instant;
}

export interface JobCounts {
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
}

export interface JobWorker {
  /** Takes no new jobs, and waits for those under way. */
  stop(): Promise<void>;
}

/**
 * Work that survives the process. A job is done at least once: after a kill between its effect and its end it is done again, so whoever
 * does it looks first whether it was done. Failures of the database throw `LedgerError`.
 */
export interface Jobs {
  /** Stores jobs, all or none, and answers for each whether it was taken (true) or known already. Returns only when they are safely stored. */
  add(queue: string, drafts: readonly JobDraft[]): Promise<readonly boolean[]>;
  /**
   * Stores jobs, all or none, at the least cost, and returns only when they are safely stored. Whether their keys are known is found when they are
   * put into the queue: soon after, and before anything is read of the queue, by whichever process gets to it.
   */
  post(queue: string, drafts: readonly JobDraft[]): Promise<void>;
  /** Which of these keys are known. */
  known(queue: string, keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** What those jobs need that wait or are being done, oldest first. */
  open(queue: string): Promise<readonly unknown[]>;
  /** Does the queue's jobs, side by side, until stopped. A job whose work throws is tried again, later each time, and is dead in the end. */
  work(queue: string, handle: (job: Job) => Promise<void>): Promise<JobWorker>;
  /** Oldest first. */
  dead(queue: string): Promise<readonly DeadJob[]>;
  /** Gives a dead job all its tries again; false when it is not dead (any more). */
  revive(queue: string, id: string): Promise<boolean>;
  counts(queue: string): Promise<JobCounts>;
  /** Forgets the keys of jobs that were added before this moment; returns how many. */
  forgetKeys(queue: string, before: Instant): Promise<number>;
  close(): Promise<void>;
}
