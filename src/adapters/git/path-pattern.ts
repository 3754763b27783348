/**
 * Whether a path matches a pattern: `*` stands for any run of characters within one name, `**` as a whole part for any number of
 * folders, also none. Names that begin with a dot are names like any other. Time is linear in path and pattern, whatever they hold.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  return matchesParts(path.split('/'), pattern.split('/'));
}

/** Greedy with one place to come back to: a `**` seen later makes every earlier one settled. */
function matchesParts(path: readonly string[], pattern: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let resume: { readonly next: number; at: number } | null = null;
  while (at < path.length) {
    const part = pattern[next];
    if (part === '**') {
      resume = { next: next + 1, at };
      next += 1;
    } else if (part !== undefined && matchesName(path[at] ?? '', part)) {
      at += 1;
      next += 1;
    } else if (resume !== null) {
      resume.at += 1;
      at = resume.at;
      next = resume.next;
    } else return false;
  }
  // A file lies below the folders that a last `**` stands for, so `a/**` has taken it above.
  return pattern.slice(next).every((part) => part === '**');
}

function matchesName(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let from = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, from);
    if (found === -1 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}

/** The part of a pattern before its first `*`, cut back to whole folders; the whole pattern when there is none. */
export function literalPrefix(pattern: string): string {
  const parts = pattern.split('/');
  const wild = parts.findIndex((part) => part.includes('*'));
  return (wild === -1 ? parts : parts.slice(0, wild)).join('/');
}
