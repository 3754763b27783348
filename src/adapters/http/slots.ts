/** Lets at most so many pieces of work run at once; the others wait in the order in which they came. */
export interface Slots {
  run<Answer>(work: () => Promise<Answer>): Promise<Answer>;
}

export function slots(most: number): Slots {
  const waiting: (() => void)[] = [];
  let free = most;
  return {
    run: async (work) => {
      if (free > 0) free -= 1;
      else
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      try {
        return await work();
      } finally {
        // The slot goes to the next one, or back.
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}

/** Works on all items, at most so many at once. When one fails no further one is begun, and those under way are waited for before it is told. */
export async function eachAtOnce<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const flying = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      if (failures.length > 0) break;
      const running = work(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => flying.delete(running));
      flying.add(running);
      if (flying.size >= most) await Promise.race(flying);
    }
  } finally {
    await Promise.all(flying);
  }
  // oxlint-disable-next-line typescript/only-throw-error -- what the work threw is passed on as it is
  if (failures.length > 0) throw failures[0];
}
