/** A condition on where a requirement counts (PEP 508), taken apart; not judged. */
export type Marker =
  | { readonly kind: 'and' | 'or'; readonly left: Marker; readonly right: Marker }
  | { readonly kind: 'compare'; readonly left: MarkerValue; readonly operator: string; readonly right: MarkerValue };

export type MarkerValue =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const VARIABLES = new Set([
  'python_version',
  'python_full_version',
  'os_name',
  'sys_platform',
  'platform_release',
  'platform_system',
  'platform_version',
  'platform_machine',
  'platform_python_implementation',
  'implementation_name',
  'implementation_version',
  'extra',
  // Of lock files (PEP 751).
  'extras',
  'dependency_groups',
]);

/** Names that were written before PEP 508. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'os.name': 'os_name',
  'sys.platform': 'sys_platform',
  'platform.version': 'platform_version',
  'platform.machine': 'platform_machine',
  'platform.python_implementation': 'platform_python_implementation',
  python_implementation: 'platform_python_implementation',
};

// Texts are what PEP 508 lets them be: without backslashes, on one line.
const TOKEN = /[ \t]*(?:(===|==|~=|!=|<=|>=|<|>)|([()])|"([^"\\\r\n]*)"|'([^'\\\r\n]*)'|([a-z][a-z._]*))/uy;
const MOST_TOKENS = 4_000;
const DEEPEST = 100;

interface Token {
  readonly kind: 'operator' | 'parenthesis' | 'text' | 'word';
  readonly text: string;
}

/** Reads a marker; null where the text is none. */
export function parseMarker(text: string): Marker | null {
  const tokens = tokensOf(text);
  if (tokens === null || tokens.length === 0) return null;
  const reader = { tokens, at: 0, depth: 0 };
  const marker = readOr(reader);
  return marker === null || reader.at < tokens.length ? null : marker;
}

function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const trimmed = text.trimEnd();
  while (pattern.lastIndex < trimmed.length) {
    const match = pattern.exec(trimmed);
    if (match === null || tokens.length > MOST_TOKENS) return null;
    const [, operator, parenthesis, double, single, word] = match;
    if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else if (parenthesis !== undefined) tokens.push({ kind: 'parenthesis', text: parenthesis });
    else if (word === undefined) tokens.push({ kind: 'text', text: double ?? single ?? '' });
    else tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

const peek = (reader: Reader): Token | undefined => reader.tokens[reader.at];

function take(reader: Reader, kind: Token['kind'], text: string): boolean {
  const token = peek(reader);
  if (token?.kind !== kind || token.text !== text) return false;
  step(reader);
  return true;
}

// oxlint-disable-next-line no-param-reassign -- a reader is the one thing here that moves
const step = (reader: Reader): void => void (reader.at += 1);

function readOr(reader: Reader): Marker | null {
  return readJoined(reader, 'or', (inner) => readJoined(inner, 'and', readAtom));
}

function readJoined(reader: Reader, kind: 'and' | 'or', read: (reader: Reader) => Marker | null): Marker | null {
  let left = read(reader);
  while (left !== null && take(reader, 'word', kind)) {
    const right: Marker | null = read(reader);
    left = right === null ? null : { kind, left, right };
  }
  return left;
}

function readAtom(reader: Reader): Marker | null {
  if (!take(reader, 'parenthesis', '(')) return readComparison(reader);
  const inside: Reader = { tokens: reader.tokens, at: reader.at, depth: reader.depth + 1 };
  if (inside.depth > DEEPEST) return null;
  const marker = readOr(inside);
  // oxlint-disable-next-line no-param-reassign -- it goes on where the inner one ended
  reader.at = inside.at;
  return take(reader, 'parenthesis', ')') ? marker : null;
}

function readComparison(reader: Reader): Marker | null {
  const left = readValue(reader);
  const operator = left === null ? null : readOperator(reader);
  const right = operator === null ? null : readValue(reader);
  if (left === null || operator === null || right === null) return null;
  return { kind: 'compare', left, operator, right };
}

function readOperator(reader: Reader): string | null {
  const token = peek(reader);
  if (token?.kind === 'operator') {
    step(reader);
    return token.text;
  }
  if (take(reader, 'word', 'in')) return 'in';
  return take(reader, 'word', 'not') && take(reader, 'word', 'in') ? 'not in' : null;
}

function readValue(reader: Reader): MarkerValue | null {
  const token = peek(reader);
  if (token === undefined) return null;
  const name = OLD_NAMES[token.text] ?? token.text;
  if (token.kind === 'word' && !VARIABLES.has(name)) return null;
  if (token.kind !== 'word' && token.kind !== 'text') return null;
  step(reader);
  return token.kind === 'word' ? { kind: 'variable', name } : { kind: 'text', text: token.text };
}

/** The marker in one form, whatever quotes and brackets it was written with. */
export function printMarker(marker: Marker, within: 'and' | 'or' = 'or'): string {
  if (marker.kind === 'compare') return `${value(marker.left)} ${marker.operator} ${value(marker.right)}`;
  const text = `${printMarker(marker.left, marker.kind)} ${marker.kind} ${printMarker(marker.right, marker.kind)}`;
  return marker.kind === 'or' && within === 'and' ? `(${text})` : text;
}

function value(of: MarkerValue): string {
  if (of.kind === 'variable') return of.name;
  return of.text.includes('"') ? `'${of.text}'` : `"${of.text}"`;
}

/** The extras that a marker asks for, as they are written: `opt` of `extra == "opt"`. */
export function extrasNamed(marker: Marker): readonly string[] {
  if (marker.kind !== 'compare') return [...extrasNamed(marker.left), ...extrasNamed(marker.right)];
  const sides = [marker.left, marker.right];
  const isExtra = sides.some((side) => side.kind === 'variable' && side.name === 'extra');
  return isExtra && marker.operator === '==' ? sides.flatMap((side) => (side.kind === 'text' ? [side.text] : [])) : [];
}
