/** A value in a query: a literal, or a variable by name. */
export type QueryValue =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, QueryValue>> };

/** One asked-for field. */
export interface Selection {
  readonly name: string;
  /** The name under which it is answered. */
  readonly alias: string;
  readonly args: Readonly<Record<string, QueryValue>>;
  readonly fields: readonly Selection[];
}

/** What cannot be read as a query: where, and what was met. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

const token =
  /[\s,]+|#[^\n]*|(?<word>[A-Za-z_]\w*)|(?<number>-?\d+)|(?<text>"(?:[^"\\]|\\.)*")|(?<sign>[{}()[\]:$!=])/gu;

function tokens(text: string): readonly string[] {
  const found: string[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    if (match.index !== end) break;
    end = match.index + match[0].length;
    if (match.groups?.['word'] ?? match.groups?.['number'] ?? match.groups?.['text'] ?? match.groups?.['sign']) {
      found.push(match[0]);
    }
  }
  if (end !== text.length) throw new QueryError(`Unexpected "${text.slice(end, end + 10)}" at ${end}`);
  return found;
}

/** The part of the query language that clients of this world speak: fields, aliases, arguments, variables; no fragments. */
export function parseQuery(text: string): {
  readonly kind: 'query' | 'mutation';
  readonly fields: readonly Selection[];
} {
  const all = tokens(text);
  let at = 0;
  const peek = (): string | undefined => all[at];
  const next = (): string => {
    const found = all[at];
    if (found === undefined) throw new QueryError('Unexpected end of the query');
    at += 1;
    return found;
  };
  const expect = (sign: string): void => {
    const found = next();
    if (found !== sign) throw new QueryError(`Expected "${sign}", found "${found}"`);
  };
  const value = (): QueryValue => {
    const found = next();
    if (found === '$') return { kind: 'variable', name: next() };
    if (found === '{') return { kind: 'object', fields: pairs('}') };
    if (found.startsWith('"')) return { kind: 'literal', value: String(JSON.parse(found)) };
    if (/^-?\d/u.test(found)) return { kind: 'literal', value: Number(found) };
    if (found === 'true' || found === 'false') return { kind: 'literal', value: found === 'true' };
    return { kind: 'literal', value: found === 'null' ? null : found };
  };
  const pairs = (end: string): Readonly<Record<string, QueryValue>> => {
    const made: Record<string, QueryValue> = {};
    while (peek() !== end) {
      const name = next();
      expect(':');
      made[name] = value();
    }
    expect(end);
    return made;
  };
  const selections = (): readonly Selection[] => {
    const made: Selection[] = [];
    expect('{');
    while (peek() !== '}') made.push(selection());
    expect('}');
    return made;
  };
  const selection = (): Selection => {
    const first = next();
    const aliased = peek() === ':';
    if (aliased) expect(':');
    const name = aliased ? next() : first;
    if (!/^[A-Za-z_]/u.test(name)) throw new QueryError(`Expected a field, found "${name}"`);
    if (peek() === '(') next();
    const args = all[at - 1] === '(' ? pairs(')') : {};
    return { name, alias: first, args, fields: peek() === '{' ? selections() : [] };
  };
  const kind = peek() === '{' ? 'query' : next();
  if (kind !== 'query' && kind !== 'mutation') throw new QueryError(`Expected a query, found "${kind}"`);
  // The names and types of variables: the values come beside the query and are what they are.
  while (peek() !== '{') next();
  return { kind, fields: selections() };
}
