interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** The most that is stored at once. */
const AT_ONCE = 200;

/**
 * Stores what comes in while the store is busy together with the next call: a hundred deliveries that come at once cost two commits and
 * not a hundred. Each is answered only when it is stored.
 */
export function groupCommit<Item, Answer>(
  store: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  let waiting: readonly Waiting<Item, Answer>[] = [];
  let busy = false;
  const storeGroup = async (group: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await store(group.map(({ item }) => item));
      if (answers.length !== group.length)
        throw new Error(`${group.length} things were stored and ${answers.length} answered`);
      answers.forEach((answer, index) => group[index]?.resolve(answer));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  const run = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, AT_ONCE);
      waiting = waiting.slice(AT_ONCE);
      await storeGroup(group);
    }
    busy = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting = [...waiting, { item, resolve, reject }];
      if (!busy) void run();
    });
}
