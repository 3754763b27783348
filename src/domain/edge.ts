import type { Digest } from './canonical-json.ts';
import type { CellKey } from './artifact.ts';
import type { CopyFileStep, FileAt } from './plan/step.ts';
import type { RepoKey } from './repo.ts';
import type { Channel } from './train/channels.ts';

/** A file that has to be in a place, and where it comes from. */
export interface Edge {
  readonly cell: CellKey;
  readonly repo: RepoKey;
  readonly size: number;
  readonly digest: Digest;
  readonly from: FileAt;
  readonly to: FileAt;
  /** Whether the place lets a file be written over. */
  readonly write: Channel['write'];
}

/** What lies somewhere; a null digest: none was recorded with it. */
export interface Lying {
  readonly size: number;
  readonly digest: Digest | null;
  /** Another one for other bytes; left out where its store tells none. */
  readonly etag?: string;
}

/** An edge with both its ends as they are now; null: nothing lies there. */
export interface SeenEdge {
  readonly edge: Edge;
  readonly source: Lying | null;
  readonly target: Lying | null;
}

/**
 * What an edge needs. `copy`; `skip`: the very same lies there; `refuse`: other bytes lie there, and may not be written over; `lost`: the source is gone, or
 * is another file than it should be; `unproved`: a file of the right size lies there without a recorded digest, so that only its bytes could tell (PRO-07).
 */
export type EdgeState =
  | { readonly is: 'copy'; readonly before: Digest | null }
  | { readonly is: 'skip' }
  | { readonly is: 'refuse'; readonly found: Lying }
  | { readonly is: 'lost'; readonly found: Lying | null }
  | { readonly is: 'unproved'; readonly at: FileAt };

/** Compares the two ends of an edge. What lies at the target counts first: where it is right, nobody needs the source. */
export function edgeState({ edge, source, target }: SeenEdge): EdgeState {
  const before = targetState(edge, target);
  if (before.is !== 'copy') return before;
  if (source === null) return { is: 'lost', found: null };
  if (source.size !== edge.size) return { is: 'lost', found: source };
  if (source.digest === null) return { is: 'unproved', at: edge.from };
  return source.digest === edge.digest ? before : { is: 'lost', found: source };
}

function targetState({ to, size, digest, write }: Edge, target: Lying | null): EdgeState {
  if (target === null) return { is: 'copy', before: null };
  if (target.digest === digest) return { is: 'skip' };
  if (target.digest === null && target.size === size) return { is: 'unproved', at: to };
  return write === 'replace' && target.digest !== null
    ? { is: 'copy', before: target.digest }
    : { is: 'refuse', found: target };
}

/** Why an edge cannot be planned. */
export type EdgeProblem =
  | { readonly code: 'edge-refused'; readonly edge: Edge; readonly found: Lying }
  | { readonly code: 'edge-lost'; readonly edge: Edge; readonly found: Lying | null }
  | { readonly code: 'edge-unproved'; readonly edge: Edge; readonly at: FileAt };

/** An edge whose file has to be copied. */
export interface EdgeToCopy {
  readonly edge: Edge;
  /** What is written over; null for nothing. */
  readonly before: Digest | null;
  /** Of the source, when it was found to be the file; left out where its store tells none. */
  readonly etag?: string;
}

/** What has to be copied, what is there, and what stands in the way. */
export interface Reconciled {
  readonly copies: readonly EdgeToCopy[];
  readonly there: readonly Edge[];
  readonly problems: readonly EdgeProblem[];
}

/** Every edge by its own: no pattern chooses files, so that nothing else can be among them, and none can be forgotten. Seed: `promote.sh`. */
export function reconcile(edges: readonly SeenEdge[]): Reconciled {
  const states = edges.map((seen) => ({ edge: seen.edge, state: edgeState(seen), source: seen.source }));
  return {
    copies: states.flatMap(({ edge, state, source }) =>
      state.is === 'copy' ? [{ edge, before: state.before, ...etagOf(source) }] : [],
    ),
    there: states.flatMap(({ edge, state }) => (state.is === 'skip' ? [edge] : [])),
    problems: states.flatMap(({ edge, state }): readonly EdgeProblem[] => {
      if (state.is === 'refuse') return [{ code: 'edge-refused', edge, found: state.found }];
      if (state.is === 'lost') return [{ code: 'edge-lost', edge, found: state.found }];
      return state.is === 'unproved' ? [{ code: 'edge-unproved', edge, at: state.at }] : [];
    }),
  };
}

const LONGEST_ETAG = 200;

/** An ETag that a step can hold: a longer one is left out, and the source looked at when it is copied. */
function etagOf(source: Lying | null): Pick<EdgeToCopy, 'etag'> {
  const etag = source?.etag ?? '';
  return etag === '' || etag.length > LONGEST_ETAG ? {} : { etag };
}

/** The step of an edge. `seen`: whether people may have fetched the file before it is taken back. */
export function copyStep(
  { edge, before, etag }: EdgeToCopy,
  { wave, undo, seen }: { readonly wave: number; readonly undo: string; readonly seen: boolean },
): CopyFileStep {
  const { repo, from, to, size, digest } = edge;
  return {
    kind: 'copy-file',
    key: `copy-file:${placeText(to)}`,
    wave,
    // What was there before is not brought back by taking the new one away.
    reversible: before === null && !seen ? 'yes' : 'partly',
    undo: before === null ? undo : 'none by itself: what was written over is in the backup of its candidate',
    repo,
    from,
    to,
    size,
    digest,
    before,
    ...(etag === undefined ? {} : { etag }),
  };
}

/** `stable/cu126/torch-….whl`; the number of a mirror is told. */
export function placeText({ channel, place, key }: FileAt): string {
  return `${place === 0 ? channel : `${channel}#${place}`}/${key}`;
}

/** What is wrong with an edge, with which file, and what to do about it. */
export function explainEdge(problem: EdgeProblem, release: string): string {
  const { edge } = problem;
  switch (problem.code) {
    case 'edge-refused':
      return `${placeText(edge.to)} lies there with ${lyingText(problem.found)}, and ${edge.digest} is to be published. What is published is never written over: find out where it came from before anything else.`;
    case 'edge-lost':
      return problem.found === null
        ? `${placeText(edge.from)} is gone from its channel. Bring it back from the backup: signalbox artifact restore ${release}`
        : `${placeText(edge.from)} is another file than the record has: ${lyingText(problem.found)} instead of ${edge.size} bytes, ${edge.digest}. Bring the right one back: signalbox artifact restore ${release}`;
    case 'edge-unproved':
      return `${placeText(problem.at)} was stored without its sha256, so nobody can tell what it is. Have it read and recorded: signalbox artifact repair ${release} --channel ${problem.at.channel}`;
  }
}

function lyingText({ size, digest }: Lying): string {
  return `${size} bytes, ${digest ?? 'no recorded digest'}`;
}
