import { setImmediate as immediate } from 'node:timers/promises';

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The most that is stored at once. */
const AT_ONCE = 200;

/**
 * As many stores go side by side: with one, whoever comes just after it began waits for two commits; with more, groups are so small that each costs as
 * much as one by itself.
 */
const SIDE_BY_SIDE = 2;

/**
 * Stores what comes in while the store is busy together with the next call: a hundred deliveries that come at once cost two commits and
 * not a hundred. Each is answered only when it is stored.
 */
export function groupCommit<Item>(store: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  const waiting: Waiting<Item>[] = [];
  let storing = 0;
  const storeGroup = async (group: readonly Waiting<Item>[]): Promise<void> => {
    try {
      await store(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  const run = async (): Promise<void> => {
    storing += 1;
    // Not before everything was looked at that came in together: it goes together.
    await immediate();
    while (waiting.length > 0) await storeGroup(waiting.splice(0, AT_ONCE));
    storing -= 1;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (storing < SIDE_BY_SIDE) void run();
    });
}
