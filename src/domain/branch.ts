import { BranchName } from './git-names.ts';
import { closest } from './suggest.ts';
import { fillBranch } from './train/naming.ts';
import type { RepoEntry } from './train/repo-entry.ts';
import type { Train } from './train/train.ts';
import { Line } from './version.ts';

/** What a branch name says, by the rules of its repository. The line is the repository's own, not the train's. */
export interface ParsedBranch {
  readonly line: Line;
  readonly kind: 'release' | 'cut-point' | 'lts';
  /** `torchcodec` of release/2.6-torchcodec. */
  readonly variant: string | null;
  /** Set when the branch belongs to another product that is kept in the same repository: `torchao` of torchao-release0.18. */
  readonly product: string | null;
}

/** Why a branch name is refused: not one of the repository's, with the name that was probably meant. */
export interface BranchProblem {
  readonly code: 'unknown-branch';
  readonly repo: string;
  readonly name: string;
  readonly suggestion: BranchName | null;
}

const LINE = String.raw`((?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5}))`;
const VARIANT = String.raw`([a-z][\w.]*)`;

interface BranchRule {
  readonly pattern: string;
  readonly kind: ParsedBranch['kind'];
  readonly product: string | null;
}

function rulesOf(train: Train, entry: RepoEntry): readonly BranchRule[] {
  const cutPoint = entry.cutPoint === undefined ? train.branches.cutPoint : entry.cutPoint;
  const { lts } = train.branches;
  return [
    { pattern: entry.branch ?? train.branches.release, kind: 'release', product: null },
    ...(cutPoint === null ? [] : [{ pattern: cutPoint, kind: 'cut-point' as const, product: null }]),
    ...(lts === null ? [] : [{ pattern: lts, kind: 'lts' as const, product: null }]),
    ...Object.entries(entry.otherBranches).map(([product, pattern]) => ({
      pattern,
      kind: 'release' as const,
      product,
    })),
  ];
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

// The first {line} is captured, the others must say the same: fillBranch fills them all.
function expressionOf(pattern: string, variant: string): RegExp {
  const [head = '', ...rest] = pattern.split('{line}');
  const body = `${escaped(head)}${LINE}${rest.map(escaped).join(String.raw`\1`)}`;
  const [before = '', after] = variant.split('{variant}');
  const suffix = after === undefined ? '' : `(?:${escaped(before)}${VARIANT}${escaped(after)})?`;
  return new RegExp(`^${body}${suffix}$`);
}

/** Reads a branch name of a repository of the train; null when it is none of its release branches (CUT-13). */
export function parseBranch(train: Train, repo: string, name: string): ParsedBranch | null {
  const entry = entryOf(train, repo);
  if (entry === undefined || !BranchName.safeParse(name).success) return null;
  for (const { pattern, kind, product } of rulesOf(train, entry)) {
    const found = expressionOf(pattern, train.branches.variant).exec(name);
    const line = Line.safeParse(found?.[1]);
    if (found !== null && line.success) return { line: line.data, kind, variant: found[2] ?? null, product };
  }
  return null;
}

function entryOf(train: Train, repo: string): RepoEntry | undefined {
  return Object.entries(train.repos).find(([key]) => key === repo)?.[1];
}

/** The branch of a variant of a line: release/2.6-torchcodec. */
export function fillVariant(train: Train, branch: BranchName, variant: string): BranchName {
  return BranchName.parse(`${branch}${train.branches.variant.replaceAll('{variant}', variant)}`);
}

/** Reads a branch name, or says what was probably meant. */
export function judgeBranch(train: Train, repo: string, name: string): ParsedBranch | BranchProblem {
  return (
    parseBranch(train, repo, name) ?? {
      code: 'unknown-branch',
      repo,
      name,
      suggestion: suggestBranch(train, repo, name),
    }
  );
}

/** The release branch that was probably meant: 2.2, v2.2.1 or relase/2.2 for release/2.2. Null when no line can be read out of the name. */
export function suggestBranch(train: Train, repo: string, name: string): BranchName | null {
  const entry = entryOf(train, repo);
  const found = /(?<!\d)(\d{1,6}\.\d{1,6})(?!\d)/.exec(name.slice(0, 240));
  const line = Line.safeParse(found?.[1]);
  if (entry === undefined || !line.success) return null;
  const filled = rulesOf(train, entry).map(({ pattern }) => String(fillBranch(pattern, line.data)));
  return BranchName.parse(closest(name, filled) ?? filled[0]);
}
