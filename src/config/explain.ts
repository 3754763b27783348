import { refuse, type Result, succeed } from '../domain/result.ts';
import { closest } from '../domain/suggest.ts';
import { Train } from '../domain/train/train.ts';
import { itemOf, keysOf, kindsOf, recordOf, stepInto, typeText, unwrap } from './schema-walk.ts';
import type { z } from 'zod';

/** What `config explain` says about a key. */
export interface KeyExplained {
  /** `repos.<repo>.version.follow` */
  readonly key: string;
  readonly description: string;
  readonly type: string;
  readonly required: boolean;
  /** The default as JSON; null when there is none worth showing. */
  readonly preset: string | null;
  /** The kinds of a map that has kinds, with what each is. */
  readonly kinds: readonly { readonly kind: string; readonly description: string }[];
  /** Keys below it, with their first sentence. */
  readonly keys: readonly { readonly key: string; readonly description: string }[];
}

export interface UnknownKey {
  readonly code: 'unknown-key';
  readonly key: string;
  /** How far the key leads; what may follow. */
  readonly known: string;
  readonly allowed: readonly string[];
  readonly suggestion: string | null;
}

const EXTENDS: KeyExplained = {
  key: 'extends',
  description:
    'A preset that ships with Signalbox, or a path that begins with ./ or ../, whose keys hold where this file says nothing. Maps are merged key by key, lists and texts replace the inherited ones, null takes an inherited key away.',
  type: 'a text',
  required: false,
  preset: null,
  kinds: [],
  keys: [],
};

/** Explains a key of the train file: `repos.vision.version.follow`; names of your own or `<repo>` where names are free, `[0]`, `[]` or nothing for lists. */
export function explainKey(key: string): Result<KeyExplained, UnknownKey> {
  if (key === 'extends') return succeed(EXTENDS);
  const parts = key
    .split('.')
    .flatMap((part) => part.replaceAll(/\[\d*\]/g, ''))
    .filter((part) => part !== '');
  let schema: z.core.$ZodType = Train;
  let known = '';
  for (const [index, part] of parts.entries()) {
    while (itemOf(schema) !== null && !/^\d+$/.test(part)) [schema, known] = [itemOf(schema) ?? schema, `${known}[]`];
    const next: z.core.$ZodType | null = stepInto(schema, part);
    if (next === null) return refuse(unknownKey(parts.slice(0, index + 1).join('.'), known, schema));
    const record = recordOf(schema);
    const name = record?.key ?? part;
    known = itemOf(schema) === null ? (known === '' ? name : `${known}.${name}`) : `${known}[]`;
    schema = next;
  }
  return succeed(explained(known, schema));
}

function unknownKey(key: string, known: string, schema: z.core.$ZodType): UnknownKey {
  const allowed = [...keysOf(schema).keys()];
  return { code: 'unknown-key', key, known, allowed, suggestion: closest(key.split('.').at(-1) ?? '', allowed) };
}

/** What is wrong with the key that was asked for, and what there is instead. */
export function explainUnknownKey(problem: UnknownKey): string {
  const where = problem.known === '' ? 'A train file' : problem.known;
  const meant =
    problem.suggestion === null
      ? ''
      : ` Did you mean ${problem.known === '' ? '' : `${problem.known}.`}${problem.suggestion}?`;
  const allowed = problem.allowed.length === 0 ? 'nothing below it' : problem.allowed.join(', ');
  return `There is no key ${problem.key}. ${where} has: ${allowed}.${meant}`;
}

function explained(key: string, schema: z.core.$ZodType): KeyExplained {
  const { description, required, preset } = unwrap(schema);
  const shown = preset === undefined ? null : JSON.stringify(preset);
  const kinds = [...kindsBelow(schema)].map(([kind, option]) => ({ kind, description: unwrap(option).description }));
  const keys = childrenOf(key, schema).map((child) => ({
    key: child.key,
    description: unwrap(child.schema).description,
  }));
  return { key, description, type: typeText(schema), required, preset: shown === '{}' ? null : shown, kinds, keys };
}

function kindsBelow(schema: z.core.$ZodType): ReadonlyMap<string, z.core.$ZodType> {
  return kindsOf(itemOf(schema) ?? schema);
}

interface Child {
  readonly key: string;
  readonly schema: z.core.$ZodType;
}

function childrenOf(key: string, schema: z.core.$ZodType): readonly Child[] {
  const item = itemOf(schema);
  if (item !== null) return keysOf(item).size === 0 ? [] : childrenOf(`${key}[]`, item);
  const record = recordOf(schema);
  if (record !== null) return [{ key: `${key}.${record.key}`, schema: record.value }];
  return [...keysOf(schema)].map(([name, child]) => ({ key: key === '' ? name : `${key}.${name}`, schema: child }));
}

/** Every key of a train file in the order of the schema, lists as `[]`, free names as `<repo>`, `<line>` or `<name>`. */
export function allKeys(): readonly KeyExplained[] {
  const walk = (key: string, schema: z.core.$ZodType): readonly KeyExplained[] =>
    childrenOf(key, schema).flatMap((child) => [explained(child.key, child.schema), ...walk(child.key, child.schema)]);
  return [EXTENDS, ...walk('', Train)];
}
