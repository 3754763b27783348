/** Requests to one place in flight at once. */
const IN_FLIGHT = 16;

/** Does the work for every item, some at once, and answers in the order of the items. After a failure nothing more is begun. */
export async function sideBySide<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers = new Map<number, { readonly answer: Answer }>();
  const left = items.entries();
  let failed = false;
  const lane = async (): Promise<void> => {
    // All lanes take from one iterator: each item is taken once.
    for (const [index, item] of left) {
      if (failed) return;
      answers.set(index, { answer: await work(item) });
    }
  };
  const lanes = Array.from({ length: Math.min(IN_FLIGHT, items.length) }, async () => {
    try {
      await lane();
    } catch (error) {
      failed = true;
      throw error;
    }
  });
  const ends = await Promise.allSettled(lanes);
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return items.flatMap((_item, index) => answers.get(index) ?? []).map(({ answer }) => answer);
}
