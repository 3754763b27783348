import { isDeepStrictEqual } from 'node:util';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Json } from '../domain/canonical-json.ts';
import { flowText, isMapData, pairLines } from './yaml-text.ts';

/** A part of a text, by offsets, and what takes its place. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The smallest splices that make a change, or why there are none. */
export type Changed = { readonly splices: readonly Splice[] } | { readonly cannot: string };

/** The text with all splices made. */
export function spliced(text: string, splices: readonly Splice[]): string {
  return splices
    .toSorted((left, right) => right.from - left.from || right.to - left.to)
    .reduce((made, { from, to, text: put }) => `${made.slice(0, from)}${put}${made.slice(to)}`, text);
}

interface Within {
  readonly text: string;
  readonly document: Document.Parsed;
}

/** What makes a node of a document become the wanted data; what is equal already keeps its very characters. A file without any node gets its keys at the end. */
export function changeOf(within: Within, node: Node | null, wanted: Json): Changed {
  if (node === null) return { splices: isMapData(wanted) ? atEnd(within.text, wanted) : [] };
  if (isDeepStrictEqual(node.toJS(within.document, { maxAliasCount: -1 }), wanted)) return { splices: [] };
  if (isAlias(node)) return { cannot: `*${node.source} stands for something that is written elsewhere` };
  if (isMap(node) && isMapData(wanted)) return mapChange(within, node, wanted);
  if (isSeq(node) && Array.isArray(wanted)) return listChange(within, node, wanted);
  return replacement(within, node, wanted);
}

function together(changes: readonly Changed[]): Changed {
  const cannot = changes.find((change) => 'cannot' in change);
  if (cannot !== undefined) return cannot;
  return { splices: changes.flatMap((change) => ('splices' in change ? change.splices : [])) };
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function asNode(item: unknown): Node | null {
  return isNode(item) ? item : null;
}

function mapChange(within: Within, node: YAMLMap, wanted: { readonly [key: string]: Json }): Changed {
  const gone = node.items.filter((pair) => !Object.hasOwn(wanted, keyOf(pair)));
  if (gone.length === node.items.length) return replacement(within, node, wanted);
  const had = new Set(node.items.map(keyOf));
  const added = Object.entries(wanted).filter(([key]) => !had.has(key));
  const kept = node.items.filter((pair) => !gone.includes(pair));
  return together([
    ...gone.map((pair): Changed => removal(within, node, pair)),
    ...kept.map((pair): Changed => pairChange(within, pair, wanted[keyOf(pair)] ?? null)),
    ...(added.length === 0 ? [] : [{ splices: [addition(within.text, node, Object.fromEntries(added))] }]),
  ]);
}

function pairChange(within: Within, pair: Pair, wanted: Json): Changed {
  const value = asNode(pair.value);
  if (value !== null) return changeOf(within, value, wanted);
  return wanted === null ? { splices: [] } : { cannot: `${keyOf(pair)} has no value and no place for one` };
}

/** Items that are there in their order keep their characters; new ones come at the end, lost ones go. Anything else is written anew. */
function listChange(within: Within, node: YAMLSeq, wanted: readonly Json[]): Changed {
  const { items } = node;
  if (items.length === 0 || wanted.length === 0) return replacement(within, node, wanted);
  if (wanted.length >= items.length) {
    const kept = items.map((item, index) => changeOf(within, asNode(item), wanted[index] ?? null));
    const added = wanted.slice(items.length);
    return together([...kept, ...(added.length === 0 ? [] : [{ splices: [appended(within.text, node, added)] }])]);
  }
  const data = items.map((item): unknown => asNode(item)?.toJS(within.document, { maxAliasCount: -1 }) ?? null);
  let next = 0;
  const gone = items.filter((_item, index) => {
    const isKept = next < wanted.length && isDeepStrictEqual(data[index], wanted[next]);
    if (isKept) next += 1;
    return !isKept;
  });
  if (next < wanted.length) return replacement(within, node, wanted);
  return together(gone.map((item) => removal(within, node, item)));
}

/** Where the last visible character of a node ends; behind it there may be a comment. */
function endOf(text: string, node: Node): number {
  if (isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    const inner = isNode(last) ? last : endNode(last);
    if (inner !== null) return endOf(text, inner);
  }
  const end = node.range?.[1] ?? 0;
  return end - (/[\r\n]*$/.exec(text.slice(node.range?.[0] ?? 0, end))?.[0].length ?? 0);
}

function endNode(item: unknown): Node | null {
  if (typeof item !== 'object' || item === null || !('key' in item) || !('value' in item)) return null;
  return asNode(item.value) ?? asNode(item.key);
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Where the line ends, without its line break. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  const end = found === -1 ? text.length : found;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

function breakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function atEnd(text: string, wanted: { readonly [key: string]: Json }): readonly Splice[] {
  const end = breakOf(text);
  const lines = Object.entries(wanted).flatMap(([key, value]) => pairLines(key, value, ''));
  const before = text === '' || text.endsWith('\n') ? '' : end;
  return [{ from: text.length, to: text.length, text: `${before}${lines.join(end)}${end}` }];
}

function replacement({ text }: Within, node: Node, wanted: Json): Changed {
  const end = endOf(text, node);
  const isBlock = isCollection(node) && node.flow !== true && node.items.length > 0;
  const start = isBlock ? /[:-](\s*)$/.exec(text.slice(0, startOf(node))) : null;
  if (isBlock && start === null) return { cannot: 'a comment stands before what would be written on one line' };
  const from = startOf(node) - (start?.[1]?.length ?? 0);
  const old = text.slice(from, end);
  if (isCollection(node) && /(?:^|\s)#/m.test(old)) return { cannot: `a comment within it would go: ${short(old)}` };
  const space = /[\s[{(,]$/.test(text.slice(0, from)) ? '' : ' ';
  return { splices: [{ from, to: end, text: `${space}${flowText(wanted)}` }] };
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** New keys behind the last one. */
function addition(text: string, node: YAMLMap, added: { readonly [key: string]: Json }): Splice {
  const last = node.items.at(-1);
  const lastNode = last === undefined ? null : endNode(last);
  const [first] = node.items;
  const key = first === undefined ? null : asNode(first.key);
  if (node.flow === true || lastNode === null || key === null) {
    const at = lastNode === null ? startOf(node) + 1 : endOf(text, lastNode);
    return { from: at, to: at, text: `, ${flowText(added).slice(2, -2)}` };
  }
  const indent = ' '.repeat(startOf(key) - lineStart(text, startOf(key)));
  const lines = Object.entries(added).flatMap(([name, value]) => pairLines(name, value, indent));
  const at = lineEnd(text, endOf(text, lastNode));
  return { from: at, to: at, text: lines.map((line) => `${breakOf(text)}${line}`).join('') };
}

/** New items behind the last one. */
function appended(text: string, node: YAMLSeq, added: readonly Json[]): Splice {
  const last = asNode(node.items.at(-1));
  const end = last === null ? startOf(node) + 1 : endOf(text, last);
  if (node.flow === true || last === null)
    return { from: end, to: end, text: added.map((item) => `, ${flowText(item)}`).join('') };
  const dash = text.lastIndexOf('-', startOf(last) - 1);
  const indent = ' '.repeat(dash - lineStart(text, dash));
  const at = lineEnd(text, end);
  return { from: at, to: at, text: added.map((item) => `${breakOf(text)}${indent}- ${flowText(item)}`).join('') };
}

/** Takes a key with its value, or an item, out: whole lines of a block with the comment behind them, between commas otherwise. Others stay. */
function removal({ text }: Within, node: YAMLMap | YAMLSeq, item: unknown): Changed {
  const items: readonly unknown[] = node.items;
  const index = items.indexOf(item);
  const [start, end] = spanOf(text, item);
  if (node.flow === true) {
    const next = items[index + 1];
    if (next !== undefined) return { splices: [{ from: start, to: spanOf(text, next)[0], text: '' }] };
    return { splices: [{ from: spanOf(text, items[index - 1])[1], to: end, text: '' }] };
  }
  const dash = isSeq(node) ? text.lastIndexOf('-', start - 1) : start;
  const from = lineStart(text, dash);
  if (text.slice(from, dash).trim() !== '')
    return { cannot: `it begins in the middle of a line: ${short(text.slice(from, end))}` };
  const to = text.indexOf('\n', end);
  return { splices: [{ from, to: to === -1 ? text.length : to + 1, text: '' }] };
}

function spanOf(text: string, item: unknown): readonly [number, number] {
  const first = isNode(item) ? item : startNode(item);
  const last = isNode(item) ? item : endNode(item);
  return [first === null ? 0 : startOf(first), last === null ? 0 : endOf(text, last)];
}

function startNode(item: unknown): Node | null {
  return typeof item === 'object' && item !== null && 'key' in item ? asNode(item.key) : null;
}
