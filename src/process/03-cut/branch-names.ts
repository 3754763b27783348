import { BranchName } from '../../domain/git-names.ts';
import { RepoKey } from '../../domain/repo.ts';
import type { Train } from '../../domain/train/train.ts';
import { Line } from '../../domain/version.ts';

/** What a branch name says by the patterns of the train, in one repository. */
export interface ReleaseBranch {
  readonly kind: 'release' | 'cut-point';
  readonly line: Line;
  /** `torchcodec` of release/2.6-torchcodec. */
  readonly variant: string | null;
}

/**
 * Reads a branch name by the patterns of one repository of the train, or null when it is not one of its release branches: never a guess. The
 * whole name must fit, so `release/2.14/foo` and `release/` are none.
 */
export function parseReleaseBranch(train: Train, repo: string, name: string): ReleaseBranch | null {
  const key = RepoKey.safeParse(repo);
  const entry = key.success ? train.repos[key.data] : undefined;
  if (entry === undefined || !BranchName.safeParse(name).success) return null;
  const { variant } = train.branches;
  const cutPoint = entry.cutPoint === undefined ? train.branches.cutPoint : entry.cutPoint;
  const release = entry.branch ?? train.branches.release;
  const patterns = [
    ...(cutPoint === null ? [] : [{ kind: 'cut-point' as const, pattern: cutPoint }]),
    { kind: 'release' as const, pattern: release },
  ];
  for (const { kind, pattern } of patterns) {
    const found = fit(pattern, variant, name);
    if (found !== null) return { kind, ...found };
  }
  return null;
}

function fit(pattern: string, variant: string, name: string): Omit<ReleaseBranch, 'kind'> | null {
  const [head = '', tail = ''] = pattern.split('{line}');
  const [before = '', after = ''] = variant.split('{variant}');
  const shape = new RegExp(
    `^${literal(head)}([0-9]+\\.[0-9]+)${literal(tail)}(?:${literal(before)}([a-z][\\w.]*)${literal(after)})?$`,
  );
  const match = shape.exec(name);
  const line = Line.safeParse(match?.[1]);
  return match !== null && line.success ? { line: line.data, variant: match[2] ?? null } : null;
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
