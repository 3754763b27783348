import { Instant } from '../domain/instant.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { App } from '../app/app.ts';
import type { AppProblem } from '../app/problem.ts';
import type { Address } from './address.ts';
import { keyOf, type Snapshot } from './snapshots.ts';

/** What pages showed at a moment. */
export interface PastViews {
  /** `at` as the address has it: a moment, a day, or the number of a ledger entry. */
  find(
    address: Address,
    at: string,
  ): Promise<Result<{ readonly snapshot: Snapshot; readonly moment: Instant }, AppProblem>>;
}

const SEQ = /^[1-9]\d{0,15}$/u;
const MINUTE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/u;
const DAY = /^\d{4}-\d{2}-\d{2}$/u;

async function momentOf(app: App, at: string): Promise<Instant | null> {
  if (SEQ.test(at)) {
    const ledger = await app.ledger();
    const [entry] = await ledger.read({ train: app.loaded.train.train, after: Number(at) - 1 });
    return entry?.seq === Number(at) ? entry.at : null;
  }
  const text = MINUTE.test(at) ? at.replace('Z', ':59Z') : DAY.test(at) ? `${at}T23:59:59Z` : at;
  return Instant.safeParse(text).data ?? null;
}

/**
 * The world of a past moment cannot be observed any more, so what a page showed is looked up: each version of a page that the server made was
 * kept with its moment.
 */
export function pastViews(app: App): PastViews {
  return {
    find: async (address, at) => {
      const moment = await momentOf(app, at);
      if (moment === null) {
        const text = `at=${at.slice(0, 40)} is no moment: write 2026-07-11T14:02Z, a day, or the number of an entry in the log.`;
        return refuse({ kind: 'usage', code: 'not-a-moment', text });
      }
      const history = await app.viewHistory();
      const found = await history.at(app.loaded.train.train, keyOf(address), moment);
      if (found === null) {
        const text = `What this page showed at ${moment} was not kept: nobody looked at it before then. The log has what was decided and done.`;
        return refuse({ kind: 'no-data', code: 'not-kept', text });
      }
      const { data, asOf, stale, version, at: readAt } = found;
      return succeed({ snapshot: { data, asOf, stale, version, readAt, failure: null }, moment });
    },
  };
}
