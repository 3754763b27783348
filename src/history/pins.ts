import type { Proof } from './types.ts';

/** A file before and after a commit, as text; null where it is not there, or is no text. */
export interface ChangedText {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** As the train's release-only edits would have left it; null where they change nothing. */
  readonly declared: string | null;
}

/** What the pins of a release branch point to. */
export interface OwnNames {
  readonly branch: string;
  /** X.Y of the repository. */
  readonly line: string;
}

/**
 * Whether a commit says by its content that it is for its branch alone: every line it changes is as the train's release-only edits make it, or only
 * moves a version, a commit or the name of a branch, and some of them name this branch or its version. Null when it changes anything else.
 */
export function pinProof(files: readonly ChangedText[], own: OwnNames): Proof | null {
  const changes = files.map((file) => changedLines(file));
  if (changes.length === 0 || changes.some((change) => change === null)) return null;
  const judged = changes.flatMap((change) => (change === null ? [] : [judge(change, own)]));
  if (judged.some((each) => each === null)) return null;
  const lines = judged.reduce((sum, each) => sum + (each?.lines ?? 0), 0);
  const named = judged.reduce((sum, each) => sum + (each?.named ?? 0), 0);
  const declared = judged.reduce((sum, each) => sum + (each?.declared ?? 0), 0);
  if (lines === 0 || named + declared === 0) return null;
  const text =
    declared === lines
      ? `what it changes is as the train's release-only edits make it (${lines} lines)`
      : `it only moves versions, commits and names of branches: ${named + declared} of ${lines} lines name ${own.branch} or its version`;
  return { kind: 'pin', text };
}

interface Changed {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly declared: ReadonlySet<string>;
}

/** The lines that one text has more often than the other; null for what has no lines. */
function changedLines({ before, after, declared }: ChangedText): Changed | null {
  if (before === null || after === null) return null;
  const [old, next] = [linesOf(before), linesOf(after)];
  return { removed: beyond(old, next), added: beyond(next, old), declared: new Set(linesOf(declared ?? '')) };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function beyond(lines: readonly string[], taken: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of taken) counts.set(line, (counts.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  });
}

const COMMENT = /^(?:#|\/\/|\*|<!--|--\s)/;

function judge(
  { removed, added, declared }: Changed,
  own: OwnNames,
): { readonly lines: number; readonly named: number; readonly declared: number } | null {
  const shapes = removed.map(shapeOf);
  const counted = { lines: 0, named: 0, declared: 0 };
  for (const line of added) {
    const replaced = shapes.indexOf(shapeOf(line));
    if (replaced !== -1) shapes.splice(replaced, 1);
    const isOwn = names(line, own);
    // A line that replaces nothing is a pin only when it names the branch itself.
    const isPin = replaced !== -1 || COMMENT.test(line) || line.includes(own.branch);
    if (!isPin && !declared.has(line)) return null;
    counted.lines += 1;
    if (isOwn) counted.named += 1;
    else if (declared.has(line)) counted.declared += 1;
  }
  const left = shapes.filter((shape) => !COMMENT.test(shape));
  // What a declared edit took away has another shape than what it put there.
  return left.length > counted.declared ? null : counted;
}

const VERSION = /\d+(?:\.\d+)+(?:\.?(?:a|b|rc|dev|post)\d*)?/g;
const COMMIT = /\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/g;
const BRANCH = /\b(?:main|master|nightly|viable\/strict|(?:lts\/)?release\/[\w.-]+)(?![\w/-])/g;

/** A line without what pins move. */
function shapeOf(line: string): string {
  return line.replaceAll(BRANCH, '<ref>').replaceAll(COMMIT, '<ref>').replaceAll(VERSION, '<version>');
}

function names(line: string, { branch, line: version }: OwnNames): boolean {
  if (line.includes(branch)) return true;
  const at = line.indexOf(version);
  return (
    at !== -1 && new RegExp(`(?<![\\d.])${version.replace('.', String.raw`\.`)}(?:\\.\\d+)?(?![\\d.]\\d)`).test(line)
  );
}
