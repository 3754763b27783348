import type { Digest } from '../../domain/canonical-json.ts';
import type { Instant } from '../../domain/instant.ts';
import { commonBeginning, compareKeys, type StoreKey } from '../../domain/store-key.ts';
import type { ListedPage } from '../../ports/artifact-store.ts';
import type { Timers } from '../http/timers.ts';
import type { Look } from './read.ts';

/** A copy that was made, as the server's answer told it. */
export interface MadeCopy {
  readonly key: StoreKey;
  readonly size: number;
  readonly etag: string;
  /** Recorded with the source in the state that was copied. */
  readonly sha256: Digest;
  readonly modified: Instant;
}

/** Whether a listing shows the copy as it was made. What is not shown is to be looked at. */
export type Shown = (made: MadeCopy) => Promise<boolean>;

/** What it takes to show copies. */
export interface Showing {
  readonly look: Look;
  /** Lists what comes after a key, about `most` keys a page. */
  readonly list: (prefix: string, from: { readonly after: string; readonly most: number }) => AsyncIterable<ListedPage>;
  readonly timers: Pick<Timers, 'after'>;
}

interface Waiting {
  readonly made: MadeCopy;
  readonly answer: (isShown: boolean) => void;
}

/** Fewer are looked at one by one: a listing and a witness are two requests already. */
const WORTH_A_LISTING = 4;
/** So many are shown at once, or those that came within the time. */
const GROUP = 32;
const GATHERED_MILLIS = 50;
/** Keys of a page, for each that is sought: others may lie between them. */
const KEYS_EACH = 4;
/** Looks that a page has to spare on the average: one that was slow may lie far before the others. */
const SPARED_BY_PAGE = 8;
/** After a listing that showed too little, so many groups are looked at one by one. */
const PASSED_OVER = 8;

/**
 * Copies that were made are shown by one listing for many instead of a look at each (docs/decisions/0175). The first in their order is looked at, as the
 * witness that the server carries records over; where it has none, nothing is shown.
 */
export function shownTogether({ look, list, timers }: Showing): Shown {
  let waiting: Waiting[] = [];
  let callOff: (() => void) | null = null;
  let passedOver = 0;

  async function showGroup(group: readonly Waiting[]): Promise<void> {
    const sorted = group.toSorted((left, right) => compareKeys(left.made.key, right.made.key));
    const shown = await seen(sorted.map(({ made }) => made)).catch(() => new Set<StoreKey>());
    for (const { made, answer } of sorted) answer(shown.has(made.key));
  }

  /** What fails here fails again, and is told, where each is looked at. */
  async function seen(copies: readonly MadeCopy[]): Promise<ReadonlySet<StoreKey>> {
    const [witness, ...others] = copies;
    if (witness === undefined || copies.length < WORTH_A_LISTING) return new Set();
    if (passedOver > 0) {
      passedOver -= 1;
      return new Set();
    }
    const back = await look(witness.key);
    if (back?.sha256 !== witness.sha256 || !isSame(witness, back)) return new Set();
    const found = await listedAmong(list, others, witness.key);
    if (found.size < others.length / 2) passedOver = PASSED_OVER;
    return found.add(witness.key);
  }

  function showWaiting(): void {
    callOff?.();
    const group = waiting;
    waiting = [];
    void showGroup(group);
  }

  return (made) =>
    new Promise((answer) => {
      waiting.push({ made, answer });
      if (waiting.length === GROUP) showWaiting();
      else if (waiting.length === 1) callOff = timers.after(GATHERED_MILLIS, showWaiting);
    });
}

interface Told {
  readonly size: number | null;
  readonly etag: string | null;
  readonly modified: Instant | null;
}

function isSame(made: MadeCopy, told: Told): boolean {
  return told.size === made.size && told.etag === made.etag && told.modified === made.modified;
}

/** Those that a listing from here on shows as they were made; given up where it takes too many pages. */
async function listedAmong(
  list: Showing['list'],
  copies: readonly MadeCopy[],
  after: StoreKey,
): Promise<Set<StoreKey>> {
  const byKey = new Map(copies.map((made) => [made.key, made]));
  const last = copies.at(-1)?.key;
  const prefix = commonBeginning([after, ...byKey.keys()]);
  const found = new Set<StoreKey>();
  let pages = 0;
  for await (const { objects } of list(prefix, { after, most: copies.length * KEYS_EACH })) {
    pages += 1;
    for (const told of objects) {
      const made = byKey.get(told.key);
      if (made !== undefined && isSame(made, told)) found.add(told.key);
    }
    const end = objects.at(-1)?.key;
    const isPast = last === undefined || end === undefined || compareKeys(end, last) >= 0;
    if (isPast || (pages + 1) * SPARED_BY_PAGE > copies.length) break;
  }
  return found;
}
