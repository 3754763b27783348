/** Names of elements: stable from one rendering to the next, unique on the page, without blanks whatever the data says. */

/** Letters, digits, `.`, `_` and `-` stay; every other character becomes `~` and its number, so that two names never become one. */
function plain(part: string): string {
  return part.replace(/[^A-Za-z0-9._-]/gu, (sign) => `~${(sign.codePointAt(0) ?? 0).toString(16)}~`);
}

/** The id of an element, of what kind it is and which parts name it. */
export function idOf(kind: string, ...parts: readonly string[]): string {
  return [kind, ...parts.map(plain)].join(':');
}
