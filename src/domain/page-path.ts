/** Paths of the pages that others link to, made here alone: whatever stands in them is escaped. */

/** A release's page; those below it begin with it. */
export function releaseHref(release: string): string {
  return `/r/${encodeURIComponent(release)}`;
}

/** One gate of a release. */
export function gateHref(release: string, gate: string): string {
  return `${releaseHref(release)}/gates/${encodeURIComponent(gate)}`;
}

/** One plan. */
export function planHref(id: string): string {
  return `/plans/${encodeURIComponent(id)}`;
}

/** One pull request, and where its change is. */
export function changeHref({ repo, pr }: { readonly repo: string; readonly pr: number }): string {
  return `/pr/${encodeURIComponent(repo)}/${pr}`;
}

/** The log at one entry. */
export function entryHref(seq: number): string {
  return `/log?seq=${seq}`;
}
