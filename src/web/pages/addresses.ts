/** Paths of the pages that others link to. */

export function releaseHref(release: string): string {
  return `/r/${encodeURIComponent(release)}`;
}

export function gateHref(release: string, gate: string): string {
  return `${releaseHref(release)}/gates/${encodeURIComponent(gate)}`;
}

export function planHref(id: string): string {
  return `/plans/${encodeURIComponent(id)}`;
}

/** The log at one entry. */
export function entryHref(seq: number): string {
  return `/log?seq=${seq}`;
}
