import { refuse, succeed, type Result } from '../../../domain/result.ts';

/** Where a text is no JSON, or none that can be edited without guessing. */
export interface JsonProblem {
  readonly line: number;
  readonly reason: string;
}

interface Member {
  readonly key: string;
  /** The key as it is written, quotes included. */
  readonly written: string;
  readonly node: JsonNode;
}

/** A value with the place in the text it was read from: what is not changed stays as it is written. */
export type JsonNode = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'text'; readonly value: string }
  /** true, false, null or a number, as it is written. */
  | { readonly kind: 'word'; readonly word: string }
);

const DEEPEST = 40;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;

class NotJson extends Error {
  readonly at: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.name = 'NotJson';
    this.at = at;
  }
}

/** Reads the JSON value that begins at a place of a text; what follows it is not looked at. A key that stands twice in an object is refused. */
export function readJson(text: string, start = 0): Result<JsonNode, JsonProblem> {
  try {
    return succeed(valueAt(text, skip(text, start), 0));
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return refuse({ line: text.slice(0, error.at).split('\n').length, reason: error.message });
  }
}

/** Reads a text that is one JSON value and nothing else. */
export function readWholeJson(text: string): Result<JsonNode, JsonProblem> {
  const read = readJson(text);
  if (!read.ok) return read;
  const rest = skip(text, read.value.to);
  if (rest === text.length) return read;
  return refuse({ line: text.slice(0, rest).split('\n').length, reason: 'something follows the value' });
}

function skip(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}

function wordAt(text: string, at: number): string | null {
  WORD.lastIndex = at;
  return WORD.exec(text)?.[0] ?? null;
}

function stringAt(text: string, at: number): { readonly written: string; readonly value: string } | null {
  STRING.lastIndex = at;
  const written = STRING.exec(text)?.[0];
  return written === undefined ? null : { written, value: unquoted(written, at) };
}

function valueAt(text: string, at: number, depth: number): JsonNode {
  if (depth > DEEPEST) throw new NotJson(at, `nested deeper than ${DEEPEST}`);
  if (text[at] === '{') return objectAt(text, at, depth);
  if (text[at] === '[') return arrayAt(text, at, depth);
  const string = stringAt(text, at);
  if (string !== null) return { kind: 'text', value: string.value, from: at, to: at + string.written.length };
  const word = wordAt(text, at);
  if (word !== null) return { kind: 'word', word, from: at, to: at + word.length };
  throw new NotJson(at, at >= text.length ? 'it ends too early' : 'no value is here');
}

function unquoted(written: string, at: number): string {
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === 'string' ? value : '';
  } catch {
    throw new NotJson(at, 'a text is not written as JSON has it');
  }
}

function objectAt(text: string, from: number, depth: number): JsonNode {
  const members: Member[] = [];
  const known = new Set<string>();
  let at = skip(text, from + 1);
  while (text[at] !== '}') {
    if (members.length > 0) at = skip(text, after(text, at, ','));
    const string = stringAt(text, at);
    if (string === null) throw new NotJson(at, 'no key is here');
    const { written, value: key } = string;
    if (known.has(key)) throw new NotJson(at, `the key "${key.slice(0, 60)}" stands twice`);
    known.add(key);
    const node = valueAt(text, skip(text, after(text, skip(text, at + written.length), ':')), depth + 1);
    members.push({ key, written, node });
    at = skip(text, node.to);
  }
  return { kind: 'object', members, from, to: at + 1 };
}

function arrayAt(text: string, from: number, depth: number): JsonNode {
  const items: JsonNode[] = [];
  let at = skip(text, from + 1);
  while (text[at] !== ']') {
    if (items.length > 0) at = skip(text, after(text, at, ','));
    const node = valueAt(text, at, depth + 1);
    items.push(node);
    at = skip(text, node.to);
  }
  return { kind: 'array', items, from, to: at + 1 };
}

function after(text: string, at: number, sign: string): number {
  if (text[at] !== sign) throw new NotJson(at, `"${sign}" is missing`);
  return at + 1;
}

/** The members of an object, by key; null for what is no object. */
export function membersOf(node: JsonNode | undefined): ReadonlyMap<string, JsonNode> | null {
  return node?.kind === 'object' ? new Map(node.members.map((member) => [member.key, member.node])) : null;
}

/** What a value is to become: a part of the old text, kept as it is written, or something new. Objects are maps, since order counts. */
export type NewJson = string | boolean | null | readonly NewJson[] | ReadonlyMap<string, NewJson> | JsonNode;

/** The text of the new value in place of the old one: whatever is the same keeps its very characters, so that the difference is what changed. */
export function rewritten(text: string, node: JsonNode, value: NewJson): string {
  const indent = indentAt(text, node.from);
  const inner = node.kind === 'object' ? innerIndent(text, node) : null;
  const step = inner === null ? '  ' : inner.slice(indent.length);
  return written({ text, indent, step: step === '' ? '  ' : step }, node, value);
}

interface Writing {
  readonly text: string;
  /** Spaces before the line that the value begins on; null where everything stands on one line. */
  readonly indent: string | null;
  /** How much deeper each level stands. */
  readonly step: string;
}

function written(writing: Writing, node: JsonNode | null, value: NewJson): string {
  const { text } = writing;
  if (isNode(value)) return text.slice(value.from, value.to);
  if (isMap(value)) return objectText(writing, node, value);
  if (isList(value)) return `[${value.map((item) => written({ ...writing, indent: null }, null, item)).join(', ')}]`;
  const fresh = scalar(value);
  if (node?.kind === 'text') return node.value === value ? text.slice(node.from, node.to) : fresh;
  return fresh;
}

function isMap(value: NewJson): value is ReadonlyMap<string, NewJson> {
  return value instanceof Map;
}

function isList(value: NewJson): value is readonly NewJson[] {
  return Array.isArray(value);
}

function isNode(value: NewJson): value is JsonNode {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** As Python's json writes it: nothing but ASCII. */
function scalar(value: string | boolean | null): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function objectText(writing: Writing, node: JsonNode | null, value: ReadonlyMap<string, NewJson>): string {
  const { text } = writing;
  const old = node?.kind === 'object' ? node : null;
  const inner = old === null || old.members.length === 0 ? undefined : innerIndent(text, old);
  const indent = inner === undefined ? deeper(writing) : inner;
  const before = new Map((old?.members ?? []).map((member) => [member.key, member]));
  const keys = [...value.keys()];
  const parts = keys.map((key) => {
    const known = before.get(key) ?? null;
    return { known, text: written({ ...writing, indent }, known?.node ?? null, value.get(key) ?? null) };
  });
  if (old !== null && sameKeys(old, keys))
    return inPlace(
      text,
      old,
      parts.map((part) => part.text),
    );
  if (keys.length === 0) return '{}';
  const lines = parts.map((part, index) => `${part.known?.written ?? scalar(keys[index] ?? '')}: ${part.text}`);
  return indent === null
    ? `{${lines.join(', ')}}`
    : `{\n${lines.map((one) => `${indent}${one}`).join(',\n')}\n${writing.indent ?? ''}}`;
}

function sameKeys({ members }: { readonly members: readonly Member[] }, keys: readonly string[]): boolean {
  return members.length === keys.length && members.every(({ key }, index) => key === keys[index]);
}

/** The old object with other values: whatever stands between them stays. */
function inPlace(text: string, old: Extract<JsonNode, { kind: 'object' }>, values: readonly string[]): string {
  let at = old.from;
  const pieces = old.members.map(({ node }, index) => {
    const piece = `${text.slice(at, node.from)}${values[index] ?? ''}`;
    at = node.to;
    return piece;
  });
  return `${pieces.join('')}${text.slice(at, old.to)}`;
}

/** Spaces before the members of an object; null where they stand on one line. */
function innerIndent(text: string, { from, members }: Extract<JsonNode, { kind: 'object' }>): string | null {
  const [first] = members;
  if (first === undefined || !text.slice(from, first.node.from).includes('\n')) return null;
  return indentAt(text, first.node.from);
}

function deeper({ indent, step }: Writing): string | null {
  return indent === null ? null : indent + step;
}

function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^ */.exec(line)?.[0] ?? '';
}
