import { relative } from 'node:path';

/** What is wrong with a train file, at which place; something a person can put right. */
export interface ConfigProblem {
  readonly code:
    | 'unreadable'
    | 'not-text'
    | 'too-large'
    | 'empty'
    | 'syntax'
    | 'too-deep'
    | 'unknown-preset'
    | 'cycle'
    | 'duplicate-key'
    | 'unknown-key'
    | 'missing-key'
    | 'wrong-type'
    | 'wrong-value'
    | 'contradiction';
  /** Absolute path of the file the mistake lies in, which may be an inherited one. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** `repos.vision.version.follow`; empty for the file as a whole. */
  readonly key: string;
  readonly text: string;
  /** What may stand there. */
  readonly allowed: readonly string[];
  readonly suggestion: string | null;
}

const SHOWN = 12;

/** `train.yaml:3:5: repos.vision.role: …; allowed: …; did you mean …?` with the file relative to the given folder. */
export function explainConfigProblem(problem: ConfigProblem, from: string): string {
  const shown = relative(from, problem.file);
  const file = shown === '' || shown.startsWith('../../..') ? problem.file : shown;
  const key = problem.key === '' ? '' : `${problem.key}: `;
  const more = problem.allowed.length - SHOWN;
  const listed = problem.allowed.slice(0, SHOWN).join(', ') + (more > 0 ? `, and ${more} more` : '');
  const allowed = problem.allowed.length === 0 ? '' : `; allowed: ${listed}`;
  const meant = problem.suggestion === null ? '' : `; did you mean ${problem.suggestion}?`;
  return printable(`${file}:${problem.line}:${problem.column}: ${key}${problem.text}${allowed}${meant}`);
}

// A train file may be hostile: nothing of it reaches a terminal as a control sequence.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (found) =>
    found === '\n' ? ' ' : `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** Where the key is in its file, then which key; one mistake told once. */
export function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const seen = new Map(
    problems.map((problem) => [
      `${problem.file}\0${problem.line}\0${problem.column}\0${problem.key}\0${problem.text}`,
      problem,
    ]),
  );
  return [...seen.values()].toSorted(
    (left, right) =>
      (left.file < right.file ? -1 : left.file > right.file ? 1 : 0) ||
      left.line - right.line ||
      left.column - right.column,
  );
}
