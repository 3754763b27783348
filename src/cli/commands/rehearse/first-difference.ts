/** The first place at which two sets of texts differ. */
export interface Difference {
  readonly path: string;
  /** From 1; null where one of the two has no such text. */
  readonly line: number | null;
  readonly one: string | null;
  readonly other: string | null;
}

/** Compares texts by their paths, byte for byte; null where all are equal. */
export function firstDifference(
  ones: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
): Difference | null {
  for (const path of new Set([...ones.keys(), ...others.keys()])) {
    const [one, other] = [ones.get(path), others.get(path)];
    if (one === other) continue;
    if (one === undefined || other === undefined) return { path, line: null, one: one ?? null, other: other ?? null };
    const [lines, otherLines] = [one.split('\n'), other.split('\n')];
    const index = lines.findIndex((line, at) => line !== otherLines[at]);
    const at = index === -1 ? lines.length : index;
    return { path, line: at + 1, one: lines[at] ?? null, other: otherLines[at] ?? null };
  }
  return null;
}
