import { epochMillis, type Instant } from '../domain/instant.ts';
import type { DeadJob, Job, Jobs } from '../ports/jobs.ts';

interface Waiting {
  readonly id: string;
  readonly data: unknown;
  readonly addedAt: Instant;
  attempt: number;
}

interface Queue {
  readonly waiting: Waiting[];
  readonly doing: Waiting[];
  readonly dead: DeadJob[];
  readonly keys: Map<string, Instant>;
  handle: ((job: Job) => Promise<void>) | null;
}

/** Jobs in memory: done one after the other as soon as somebody works, each tried twice. */
export function memoryJobs(now: () => Instant): Jobs {
  const queues = new Map<string, Queue>();
  let last = 0;
  const nextId = (): string => {
    last += 1;
    return `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
  };
  const queueOf = (name: string): Queue => {
    const queue = queues.get(name) ?? { waiting: [], doing: [], dead: [], keys: new Map(), handle: null };
    queues.set(name, queue);
    return queue;
  };
  const underWay = new Map<Queue, Promise<void>>();
  const run = (queue: Queue): void => {
    if (underWay.has(queue)) return;
    const running = doAll(queue, now).finally(() => {
      underWay.delete(queue);
      // What was added after the last look and before this is not left lying.
      if (queue.waiting.length > 0 && queue.handle !== null) run(queue);
    });
    underWay.set(queue, running);
  };
  const jobs: Jobs = {
    async add(name, drafts) {
      const queue = queueOf(name);
      const texts = drafts.map(({ data }) => JSON.stringify(data));
      const fresh = new Set(drafts.flatMap(({ keys }) => keys.filter((key) => !queue.keys.has(key))));
      const taken = drafts.map(({ keys }) => {
        const isTaken = keys.every((key) => fresh.has(key));
        for (const key of keys) fresh.delete(key);
        return isTaken;
      });
      for (const { keys } of drafts) for (const key of keys) queue.keys.set(key, queue.keys.get(key) ?? now());
      texts.forEach((text, index) => {
        const data: unknown = JSON.parse(text);
        if (taken[index] === true) queue.waiting.push({ id: nextId(), data, addedAt: now(), attempt: 1 });
      });
      run(queue);
      return taken;
    },
    async post(name, drafts) {
      await jobs.add(name, drafts);
    },
    known: async (name, keys) => new Set(keys.filter((key) => queueOf(name).keys.has(key))),
    open: async (name) => {
      const { doing, waiting } = queueOf(name);
      return [...doing, ...waiting].map(({ data }) => data);
    },
    async work(name, handle) {
      const queue = queueOf(name);
      queue.handle = handle;
      run(queue);
      return {
        stop: async () => {
          queue.handle = null;
          await underWay.get(queue);
        },
      };
    },
    dead: async (name) => [...queueOf(name).dead],
    async revive(name, id) {
      const queue = queueOf(name);
      const at = queue.dead.findIndex((job) => job.id === id);
      const [found] = at === -1 ? [] : queue.dead.splice(at, 1);
      if (found === undefined) return false;
      queue.waiting.push({ id: nextId(), data: found.data, addedAt: now(), attempt: 1 });
      run(queue);
      return true;
    },
    async counts(name) {
      const queue = queueOf(name);
      const { waiting, dead } = queue;
      return { waiting: waiting.length, running: underWay.has(queue) ? 1 : 0, dead: dead.length };
    },
    async forgetKeys(name, before) {
      const { keys } = queueOf(name);
      const old = [...keys].filter(([, at]) => epochMillis(at) < epochMillis(before));
      for (const [key] of old) keys.delete(key);
      return old.length;
    },
    close: async () => {
      await Promise.all(underWay.values());
    },
  };
  return jobs;
}

async function doAll(queue: Queue, now: () => Instant): Promise<void> {
  while (queue.handle !== null) {
    const job = queue.waiting.shift();
    if (job === undefined) return;
    queue.doing.push(job);
    try {
      await queue.handle({ ...job, isLast: job.attempt >= 2 });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (job.attempt < 2) queue.waiting.push({ ...job, attempt: job.attempt + 1 });
      else queue.dead.push({ id: job.id, data: job.data, error: text, diedAt: now() });
    } finally {
      queue.doing.splice(queue.doing.indexOf(job), 1);
    }
  }
}
