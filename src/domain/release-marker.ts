/** What tells a release that was made here from one that people made by hand: stands in its body, unseen. */
export function releaseMarker(tag: string): string {
  return `<!-- signalbox:release ${tag} -->`;
}
