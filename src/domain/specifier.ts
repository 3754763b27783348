import { comparePep440, parsePep440, Pep440Version, withoutLocal, type Pep440Parts } from './pep440.ts';
import { refuse, refuseOr, type Result } from './result.ts';

const OPERATORS = ['===', '~=', '==', '!=', '<=', '>=', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];

/** One condition on a version (PEP 440): `>=3.9`, `==2.7.*`. */
export interface Specifier {
  readonly operator: Operator;
  /** In normal form; of `===` as it was written; without the `.*` of a prefix. */
  readonly version: string;
  /** Whether it ends in `.*`. */
  readonly prefix: boolean;
}

/** Why a text is no condition on a version. */
export type SpecifierProblem =
  | { readonly code: 'no-operator'; readonly clause: string }
  | { readonly code: 'not-a-version'; readonly clause: string }
  | { readonly code: 'prefix-not-allowed'; readonly clause: string }
  | { readonly code: 'local-not-allowed'; readonly clause: string }
  | { readonly code: 'too-short'; readonly clause: string }
  | { readonly code: 'too-many'; readonly count: number };

/** What is wrong with it, as the end of a sentence that names where it stands. */
export function explainSpecifier(problem: SpecifierProblem): string {
  switch (problem.code) {
    case 'no-operator':
      return `"${problem.clause}" does not begin with one of ${OPERATORS.join(' ')}`;
    case 'not-a-version':
      return `"${problem.clause}" does not end in a Python version (PEP 440)`;
    case 'prefix-not-allowed':
      return `"${problem.clause}" has a .*, which only == and != take, after numbers alone`;
    case 'local-not-allowed':
      return `"${problem.clause}" has a local version, which only == and != take`;
    case 'too-short':
      return `"${problem.clause}" needs at least two numbers after ~=`;
    case 'too-many':
      return `${problem.count} conditions are more than anybody means`;
  }
}

/** More than anybody means; judging takes time for each. */
const MOST = 50;

/** Reads conditions joined by commas: `>=3.9,!=3.9.7`. No condition at all is fine, and admits everything. */
export function parseSpecifiers(text: string): Result<readonly Specifier[], SpecifierProblem> {
  const clauses = text
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
  if (clauses.length > MOST) return refuse({ code: 'too-many', count: clauses.length });
  const problems: SpecifierProblem[] = [];
  const specifiers: Specifier[] = [];
  for (const clause of clauses) {
    const read = readClause(clause);
    if ('code' in read) problems.push(read);
    else specifiers.push(read);
  }
  return refuseOr(problems, () => specifiers);
}

function readClause(clause: string): Specifier | SpecifierProblem {
  const operator = OPERATORS.find((each) => clause.startsWith(each));
  if (operator === undefined) return { code: 'no-operator', clause };
  const text = clause.slice(operator.length).trim();
  if (operator === '===')
    return /^[^\s;)]+$/u.test(text) ? { operator, version: text, prefix: false } : { code: 'not-a-version', clause };
  const isPrefix = text.endsWith('.*');
  const bare = isPrefix ? text.slice(0, -2) : text;
  const parts = /\s/u.test(bare) ? null : parsePep440(bare);
  if (parts === null) return { code: 'not-a-version', clause };
  const isEquality = operator === '==' || operator === '!=';
  if (isPrefix && !(isEquality && isBare(parts))) return { code: 'prefix-not-allowed', clause };
  if (parts.local !== null && !isEquality) return { code: 'local-not-allowed', clause };
  if (operator === '~=' && parts.release.length < 2) return { code: 'too-short', clause };
  return { operator, version: Pep440Version.parse(bare), prefix: isPrefix };
}

const isPre = ({ pre, dev }: Pep440Parts): boolean => pre !== null || dev !== null;
const isBare = ({ pre, post, dev, local }: Pep440Parts): boolean =>
  pre === null && post === null && dev === null && local === null;

/** Whether a version meets all conditions. Pre-releases are versions like others here: who chooses among versions decides whether to take them. */
export function admits(specifiers: readonly Specifier[], version: Pep440Version): boolean {
  return specifiers.every((specifier) => meets(specifier, version));
}

function meets({ operator, version: text, prefix }: Specifier, candidate: Pep440Version): boolean {
  if (operator === '===') return text.toLowerCase() === candidate.toLowerCase();
  const bound = Pep440Version.parse(text);
  switch (operator) {
    case '==':
      return prefix ? hasPrefix(candidate, bound) : isEqual(candidate, bound);
    case '!=':
      return !(prefix ? hasPrefix(candidate, bound) : isEqual(candidate, bound));
    case '<=':
      return comparePep440(withoutLocal(candidate), bound) <= 0;
    case '>=':
      return comparePep440(withoutLocal(candidate), bound) >= 0;
    case '<':
      return comparePep440(candidate, bound) < 0 && !isPreOf(candidate, bound);
    case '>':
      return comparePep440(candidate, bound) > 0 && !isPostOrLocalOf(candidate, bound);
    case '~=':
      return comparePep440(withoutLocal(candidate), bound) >= 0 && hasPrefix(candidate, withoutLastNumber(bound));
  }
}

function isEqual(candidate: Pep440Version, bound: Pep440Version): boolean {
  const public_ = partsOf(bound).local === null ? withoutLocal(candidate) : candidate;
  return comparePep440(public_, bound) === 0;
}

function hasPrefix(candidate: Pep440Version, bound: Pep440Version): boolean {
  const [mine, its] = [partsOf(candidate), partsOf(bound)];
  return mine.epoch === its.epoch && its.release.every((number, index) => (mine.release[index] ?? 0) === number);
}

/** `<2.8` does not let in 2.8rc1, unless the bound is a pre-release itself. */
function isPreOf(candidate: Pep440Version, bound: Pep440Version): boolean {
  const [mine, its] = [partsOf(candidate), partsOf(bound)];
  return isPre(mine) && !isPre(its) && isSameRelease(mine, its);
}

/** `>2.8` does not let in 2.8.post1, unless the bound is one itself, and never 2.8+cu126. */
function isPostOrLocalOf(candidate: Pep440Version, bound: Pep440Version): boolean {
  const [mine, its] = [partsOf(candidate), partsOf(bound)];
  if (!isSameRelease(mine, its)) return false;
  return (mine.post !== null && its.post === null) || mine.local !== null;
}

function isSameRelease(left: Pep440Parts, right: Pep440Parts): boolean {
  const length = Math.max(left.release.length, right.release.length);
  return (
    left.epoch === right.epoch &&
    Array.from({ length }, (_, index) => index).every(
      (index) => (left.release[index] ?? 0) === (right.release[index] ?? 0),
    )
  );
}

function withoutLastNumber(version: Pep440Version): Pep440Version {
  const { epoch, release } = partsOf(version);
  return Pep440Version.parse(`${epoch === 0 ? '' : `${epoch}!`}${release.slice(0, -1).join('.')}`);
}

function partsOf(version: Pep440Version): Pep440Parts {
  const parts = parsePep440(version);
  if (parts === null) throw new TypeError(`${version} was a Python version and is none now`);
  return parts;
}

/** The one text of conditions: in normal form and in order, so that equal ones are equal texts. */
export function printSpecifiers(specifiers: readonly Specifier[]): string {
  const texts = specifiers.map(({ operator, version, prefix }) => `${operator}${version}${prefix ? '.*' : ''}`);
  return [...new Set(texts)].toSorted().join(',');
}
