import type { CellKey } from '../../domain/artifact.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { TriageDecision } from './decisions.ts';
import type { FixFound } from './triage.ts';
import type { Observed } from '../../domain/observation.ts';

/** An accepted candidate in the brief. */
export interface BriefCandidate {
  readonly decision: TriageDecision;
  readonly title: string;
  readonly fix: Observed<FixFound>;
}

/** How much would change, as far as the fixes are on main. */
export interface BriefRisk {
  /** Fixes whose changes were read, and accepted candidates without one: of those nothing is known. */
  readonly fixes: number;
  readonly unknown: number;
  readonly files: number;
  readonly lines: number;
  /** Files that more than one candidate touches: their picks may conflict. */
  readonly shared: readonly string[];
  /** The largest change, by its lines. */
  readonly largest: { readonly what: string; readonly lines: number; readonly files: number } | null;
  /** Fixes that main took back itself. */
  readonly takenBack: readonly string[];
}

/** What disappears against the release before. */
export interface BriefRemovals {
  readonly since: ReleaseVersion;
  readonly removed: readonly { readonly key: CellKey; readonly reason: string }[];
}

/** The risk of what was accepted: sizes of the fixes, files that several touch, what main took back. */
export function riskOf(candidates: readonly BriefCandidate[]): BriefRisk {
  const sized = candidates.map(({ decision, fix }) => {
    const name = `${decision.repo}#${decision.item}`;
    const commits = fix.known ? fix.value.commits : [];
    const sizes = commits.flatMap(({ size }) => (size === null ? [] : [size]));
    const files = new Set(sizes.flatMap((size) => size.files.map((path) => `${decision.repo}/${path}`)));
    const isRead = commits.length > 0 && sizes.length === commits.length;
    return { name, isRead, files, lines: sizes.reduce((sum, { lines }) => sum + lines, 0) };
  });
  const read = sized.filter(({ isRead }) => isRead);
  const all = read.flatMap(({ files }) => [...files]);
  const counts = Map.groupBy(all, (path) => path);
  const [largest] = read.toSorted((left, right) => right.lines - left.lines);
  return {
    fixes: read.length,
    unknown: sized.length - read.length,
    files: counts.size,
    lines: read.reduce((sum, { lines }) => sum + lines, 0),
    shared: [...counts].filter(([, paths]) => paths.length > 1).map(([path]) => path),
    largest: largest === undefined ? null : { what: largest.name, lines: largest.lines, files: largest.files.size },
    takenBack: candidates
      .filter(({ fix }) => fix.known && fix.value.verdict === 'not-wanted')
      .map(({ decision }) => `${decision.repo}#${decision.item}`),
  };
}
