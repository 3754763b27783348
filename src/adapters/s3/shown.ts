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

/** A copy that is under way. */
export interface ComingCopy {
  /** It was made: whether a listing shows it so. What is not shown is to be looked at. */
  made(copy: MadeCopy): Promise<boolean>;
  /** It came to nothing, or to what no listing can show. */
  failed(): void;
}

/** Tells of a copy before it is asked for. */
export type Shown = () => ComingCopy;

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
/** So many are shown at once, or those that came within the time, or all where no other is under way. */
const GROUP = 250;
const GATHERED_MILLIS = 500;
/** Of so many, in their order, the first is a witness. */
const WITNESSED = 32;
/** Keys of a page, for each that is sought: others may lie between them. */
const KEYS_EACH = 4;
/** Looks that a page has to spare on the average: one that was slow may lie far before the others. */
const SPARED_BY_PAGE = 8;
/** After a listing that showed too little, so many copies are looked at one by one. */
const PASSED_OVER = 256;

/**
 * Copies that were made are shown by one listing for many instead of a look at each (docs/decisions/0175). The first of every 32 in their order is looked
 * at, as a witness that the server carries records over; where one has none, nothing is shown.
 */
export function shownTogether({ look, list, timers }: Showing): Shown {
  const shownAmong = showing({ look, list });
  return gathered(timers, async (group) => {
    const sorted = group.toSorted((left, right) => compareKeys(left.made.key, right.made.key));
    const shown = await shownAmong(sorted.map(({ made }) => made)).catch(() => new Set<StoreKey>());
    for (const { made, answer } of sorted) answer(shown.has(made.key));
  });
}

/** Which of these copies, in their order, are shown. What fails here fails again, and is told, where each is looked at. */
function showing({ look, list }: Omit<Showing, 'timers'>): (copies: readonly MadeCopy[]) => Promise<Set<StoreKey>> {
  let passedOver = 0;
  const isWitness = async (made: MadeCopy): Promise<boolean> => {
    const back = await look(made.key);
    return back?.sha256 === made.sha256 && isSame(made, back);
  };
  return async (copies) => {
    const [first] = copies;
    if (first === undefined || copies.length < WORTH_A_LISTING) return new Set();
    if (passedOver > 0) {
      passedOver -= copies.length;
      return new Set();
    }
    const witnesses = copies.filter((_, number) => number % WITNESSED === 0);
    if (!(await Promise.all(witnesses.map(isWitness))).every(Boolean)) return new Set();
    const others = copies.filter((_, number) => number % WITNESSED !== 0);
    const found = await listedAmong(list, others, first.key);
    if (found.size < others.length / 2) passedOver = PASSED_OVER;
    for (const { key } of witnesses) found.add(key);
    return found;
  };
}

/** Gives copies on in groups: when one is full, when its time is over, or when no other copy is under way. */
function gathered(timers: Showing['timers'], show: (group: readonly Waiting[]) => Promise<void>): Shown {
  let waiting: Waiting[] = [];
  let callOff: (() => void) | null = null;
  let underWay = 0;
  const showWaiting = (): void => {
    callOff?.();
    callOff = null;
    const group = waiting;
    waiting = [];
    void show(group);
  };
  const showIfDue = (): void => {
    underWay -= 1;
    if (waiting.length === GROUP || (underWay === 0 && waiting.length > 0)) showWaiting();
    else if (waiting.length > 0) callOff ??= timers.after(GATHERED_MILLIS, showWaiting);
  };
  return () => {
    underWay += 1;
    return {
      made: (made) =>
        new Promise((answer) => {
          waiting.push({ made, answer });
          showIfDue();
        }),
      failed: showIfDue,
    };
  };
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
