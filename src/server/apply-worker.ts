import type { App } from '../app/app.ts';
import { APPLY_QUEUE, carryOutAsked } from '../app/ask-apply.ts';

/** Carries out plans that were asked for on pages or by the API, by whoever. */
export interface ApplyWorker {
  /** Lets the running steps finish and write their receipts; what is left is gone on with by another process. */
  stop(): Promise<void>;
}

/** Takes plans out of the queue, one try after the other; what a killed process left behind is adopted. */
export async function startApplyWorker(app: App): Promise<ApplyWorker> {
  const ending = new AbortController();
  const jobs = await app.jobs();
  const worker = await jobs.work(APPLY_QUEUE, ({ data, isLast }) =>
    carryOutAsked(app, { order: data, isLast, stop: ending.signal }),
  );
  return {
    stop: async () => {
      ending.abort();
      await worker.stop();
    },
  };
}
