/** A release-only change that must stay on the branch (process 04). */
export interface ProtectedHunk {
  readonly path: string;
  /** The line as the release branch has it. */
  readonly held: string;
  /** The line as the default branch has it. */
  readonly instead: string;
  readonly reason: string;
}

/** A file by its path; null where it is not there, or is not text. */
export interface FileText {
  readonly path: string;
  readonly text: string | null;
}

/**
 * The release-only changes that a pick would undo: their lines stand fewer times in the files after it than before. Counted over all files, so that
 * a file that is moved keeps them.
 */
export function undoneHunks(
  hunks: readonly ProtectedHunk[],
  before: readonly FileText[],
  after: readonly FileText[],
): readonly ProtectedHunk[] {
  return hunks.filter((hunk) => {
    const held = hunk.held.trim();
    return held !== '' && before.some(({ path }) => path === hunk.path) && count(after, held) < count(before, held);
  });
}

function count(files: readonly FileText[], line: string): number {
  return files.reduce(
    (sum, { text }) => sum + (text ?? '').split(/\r?\n/).filter((one) => one.trim() === line).length,
    0,
  );
}
