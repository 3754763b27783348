import { Digest } from '../../domain/canonical-json.ts';
import { Instant } from '../../domain/instant.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import { fileProblem, shown } from './file.ts';
import type { IndexProblem } from './problem.ts';

const MOST_PROBLEMS = 100;

/** What was found in a page, file by file: files that an index can carry, and what is wrong with the others. */
export interface Gathered {
  readonly files: IndexFile[];
  readonly problems: IndexProblem[];
  readonly names: Set<string>;
}

export function gathering(): Gathered {
  return { files: [], problems: [], names: new Set() };
}

/** Takes a file in, or says why not; a page with more wrong than right is told by its first hundred problems. */
export function gather(into: Gathered, file: IndexFile): void {
  const problem = fileProblem(file) ?? (into.names.has(file.name) ? twice(file) : null);
  if (problem === null) {
    into.files.push(file);
    into.names.add(file.name);
  } else report(into, problem);
}

export function report({ problems }: Gathered, problem: IndexProblem): void {
  if (problems.length < MOST_PROBLEMS) problems.push(problem);
  else if (problems.length === MOST_PROBLEMS)
    problems.push({ code: 'too-many', what: 'problems', limit: MOST_PROBLEMS });
}

function twice({ name }: IndexFile): IndexProblem {
  return { code: 'listed-twice', file: name };
}

/** A digest written in hexadecimal digits of either case; reported and null when it is none. */
export function readDigest(into: Gathered, hex: string | undefined, at: Pick<IndexFile, 'name'>): Digest | null {
  if (hex === undefined) return null;
  const digest = Digest.safeParse(`sha256:${hex.toLowerCase()}`);
  if (digest.success) return digest.data;
  report(into, { code: 'bad-value', file: shown(at.name), member: 'digest', value: shown(hex) });
  return null;
}

/** A moment as indexes write it, with up to six digits of a second; null for anything else. */
export function readMoment(text: string): Instant | null {
  const cut = text
    .replace(/(\.\d{3})\d+Z$/, '$1Z')
    .replace(/\.(\d{1,2})Z$/, (_all, digits: string) => `.${digits.padEnd(3, '0')}Z`);
  const moment = Instant.safeParse(cut);
  return moment.success ? moment.data : null;
}

/** A text of an index as we keep it: control characters become spaces. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ');
}

/** The address that a page means by a reference, without its fragment; as written when the page's own address is not given; null when it is none. */
export function resolved(reference: string, base: string | null): string | null {
  const plain = reference.replace(/#.*$/s, '');
  if (base === null) return plain;
  if (!URL.canParse(plain, base)) return null;
  const url = new URL(plain, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
}
