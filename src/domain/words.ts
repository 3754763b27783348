/** A title without the number of its own pull request at its end, where that is told beside it. */
export function titleOf({ pull, title }: { readonly pull: number | null; readonly title: string }): string {
  const end = ` (#${pull ?? ''})`;
  return title.endsWith(end) ? title.slice(0, -end.length) : title;
}

/** `1 commit`, `3 commits`. */
export function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
