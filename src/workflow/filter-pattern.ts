/**
 * The patterns of branch and tag filters, as GitHub documents them ("Workflow syntax", filter pattern cheat sheet): `*` any characters without a slash,
 * `**` any, `?` none or one of what is before it, `+` one or more of it, `[]` one of a set. They match the whole name.
 */

/** One sign of a name, so many times. */
interface Part {
  readonly fits: (sign: string) => boolean;
  readonly least: 0 | 1;
  readonly isMany: boolean;
}

/** The parts of a pattern without its `!`; null where it is none: nothing before `?` or `+`, or a set that does not end. */
function partsOf(pattern: string): readonly Part[] | null {
  const parts: Part[] = [];
  let before: Part | null = null;
  for (let at = 0; at < pattern.length; at += 1) {
    const sign = pattern.charAt(at);
    if (sign === '*') {
      const isAny = pattern.charAt(at + 1) === '*';
      parts.push({ fits: (other) => isAny || other !== '/', least: 0, isMany: true });
      before = null;
      if (isAny) at += 1;
      continue;
    }
    if (sign === '?' || sign === '+') {
      if (before === null) return null;
      parts[parts.length - 1] = sign === '?' ? { ...before, least: 0 } : { ...before, isMany: true };
      before = null;
      continue;
    }
    const one = oneSign(pattern, at);
    if (one === null) return null;
    before = { fits: one.fits, least: 1, isMany: false };
    parts.push(before);
    at = one.end;
  }
  return parts;
}

/** A set, a sign behind a backslash, or a sign that means itself; `end` is its last sign in the pattern. */
function oneSign(pattern: string, at: number): { readonly fits: Part['fits']; readonly end: number } | null {
  const sign = pattern.charAt(at);
  if (sign === '[') {
    const set = /^\[([A-Za-z0-9-]+)\]/.exec(pattern.slice(at))?.[1];
    const fits = set === undefined ? null : signsOf(set);
    return set === undefined || fits === null ? null : { fits, end: at + set.length + 1 };
  }
  const meant = sign === '\\' ? pattern.charAt(at + 1) : sign;
  return meant === '' ? null : { fits: (other) => other === meant, end: sign === '\\' ? at + 1 : at };
}

/** `0-9`, `a-zA-Z`, `-`; null for a range that goes backwards. */
function signsOf(set: string): Part['fits'] | null {
  const ranges = [...set.matchAll(/([A-Za-z0-9])-([A-Za-z0-9])|(.)/g)].map(([, from = '', to = '', single = '']) =>
    single === '' ? ([from, to] as const) : ([single, single] as const),
  );
  if (ranges.some(([from, to]) => from > to)) return null;
  return (sign) => ranges.some(([from, to]) => from <= sign && sign <= to);
}

/** Whether the parts make up the whole name. All ways are gone at once: the time is the name's length times the pattern's, whatever the pattern. */
function matches(parts: readonly Part[], name: string): boolean {
  // Places between parts that can be stood at; behind a part that may be left out one stands as well.
  const skipping = (places: Set<number>): Set<number> => {
    for (let at = 0; at < parts.length; at += 1) if (places.has(at) && parts[at]?.least === 0) places.add(at + 1);
    return places;
  };
  let places = skipping(new Set([0]));
  for (const sign of name) {
    const next = new Set<number>();
    for (const at of places) {
      const part = parts[at];
      if (part?.fits(sign) !== true) continue;
      next.add(at + 1);
      if (part.isMany) next.add(at);
    }
    places = skipping(next);
  }
  return places.has(parts.length);
}

/**
 * Whether a name passes a list of patterns: the last one that matches decides, a `!` before it takes out. With nothing but exclusions nothing passes, as
 * GitHub says. `wrong` names patterns that are none.
 */
export function passesFilter(
  patterns: readonly string[],
  name: string,
): { readonly passes: boolean; readonly wrong: readonly string[] } {
  let passes = false;
  const wrong: string[] = [];
  for (const pattern of patterns) {
    const isOut = pattern.startsWith('!');
    const parts = partsOf(isOut ? pattern.slice(1) : pattern);
    if (parts === null) wrong.push(pattern);
    else if (matches(parts, name)) passes = !isOut;
  }
  return { passes, wrong };
}
