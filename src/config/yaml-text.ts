import { parse } from 'yaml';
import type { Json } from '../domain/canonical-json.ts';

/** Whether it is a map, and neither a list nor a scalar. */
export function isMapData(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListData(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A value on one line, as train files write it: `{ on: 2025-07-30, moved: [...] }`. Quoted wherever YAML would read something else. */
export function flowText(value: Json): string {
  if (isListData(value)) return `[${value.map(flowText).join(', ')}]`;
  if (typeof value === 'string') return stringText(value);
  if (!isMapData(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${stringText(key)}: ${flowText(member ?? null)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Lines of a key and its value below each other: a map whose members are maps gets a line for each of them, everything else one line. */
export function pairLines(key: string, value: Json, indent: string): readonly string[] {
  if (!isMapData(value) || !Object.values(value).some((member) => isMapData(member)))
    return [`${indent}${stringText(key)}: ${flowText(value)}`];
  return [
    `${indent}${stringText(key)}:`,
    ...Object.entries(value).flatMap(([name, member]) => pairLines(name, member ?? null, `${indent}  `)),
  ];
}

// Words that need no quotes wherever they stand, also between brackets.
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9._/-])?$/;

function stringText(text: string): string {
  if (!PLAIN.test(text)) return JSON.stringify(text);
  const read: unknown = parse(text, { version: '1.2', schema: 'core' });
  return read === text ? text : JSON.stringify(text);
}
