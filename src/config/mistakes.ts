import type { z } from 'zod';
import { closest } from '../domain/suggest.ts';
import type { ConfigProblem } from './problem.ts';
import { kindsOf, keysOf, stepInto, typeText, valuesOf } from './schema-walk.ts';
import { dataOf, keyText, type KeyPath, nodeAt, placeOf, type TreeNode } from './tree.ts';

type Issue = z.core.$ZodIssue;

/** A mistake, and the path that would have to go for the rest to be judged. */
export interface Mistake {
  readonly problem: ConfigProblem;
  readonly path: KeyPath;
}

const MOST_TOLD = 200;

export interface Mistakes {
  readonly mistakes: readonly Mistake[];
  /** Set when there are more mistakes than anybody would read: how many are not told. */
  readonly untold: ConfigProblem | null;
}

/** What the schema found, in words, each at its place. */
export function mistakesOf(schema: z.core.$ZodType, tree: TreeNode, issues: readonly Issue[]): Mistakes {
  const found = issues.flatMap((issue): readonly (() => Mistake)[] => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => () => unknownKey(schema, tree, [...path, key]));
    }
    return [() => ({ path, problem: problemOf({ schema, tree, issue, path }) })];
  });
  const mistakes = found.slice(0, MOST_TOLD).map((tell) => tell());
  const rest = found.length - mistakes.length;
  const last = mistakes.at(-1)?.problem;
  if (rest === 0 || last === undefined) return { mistakes, untold: null };
  // In the last place, so that it comes after everything that is told.
  const end = { file: last.file, line: last.line, column: last.column + 1, key: '', allowed: [], suggestion: null };
  return {
    mistakes,
    untold: { ...end, code: 'syntax', text: `and ${rest} more mistakes; is it a train file at all?` },
  };
}

/** The schema at a path of the tree; where a map has kinds, of the kind that the tree says. */
function schemaFor(schema: z.core.$ZodType, tree: TreeNode, path: KeyPath): z.core.$ZodType | null {
  let current: z.core.$ZodType | null = schema;
  for (const [depth, part] of path.entries()) {
    if (current === null) return null;
    current = stepInto(current, part, kindAt(tree, path.slice(0, depth)));
  }
  return current;
}

function kindAt(tree: TreeNode, path: KeyPath): string | undefined {
  const kind = nodeAt(tree, [...path, 'kind']);
  return kind?.kind === 'scalar' && typeof kind.value === 'string' ? kind.value : undefined;
}

function unknownKey(schema: z.core.$ZodType, tree: TreeNode, path: KeyPath): Mistake {
  const holder = path.slice(0, -1);
  const around = schemaFor(schema, tree, holder);
  const kind = kindAt(tree, holder);
  const chosen = around === null || kind === undefined ? around : (kindsOf(around).get(kind) ?? around);
  const allowed = chosen === null ? [] : [...keysOf(chosen).keys(), ...(holder.length === 0 ? ['extends'] : [])];
  const name = String(path.at(-1));
  const text = kind === undefined ? 'there is no such key' : `there is no such key for kind ${kind}`;
  return {
    path,
    problem: {
      code: 'unknown-key',
      ...placeOf(tree, path, 'key'),
      key: keyText(path),
      text,
      allowed,
      suggestion: closest(name, allowed),
    },
  };
}

interface Found {
  readonly schema: z.core.$ZodType;
  readonly tree: TreeNode;
  readonly issue: Issue;
  readonly path: KeyPath;
}

function problemOf({ schema, tree, issue, path }: Found): ConfigProblem {
  const node = nodeAt(tree, path);
  const here = schemaFor(schema, tree, path);
  const common = { ...placeOf(tree, path), key: keyText(path), allowed: [], suggestion: null };
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? 'not a key that may stand here';
    return { ...common, ...placeOf(tree, path, 'key'), code: 'wrong-value', text: lowerFirst(plain(reason)) };
  }
  // A missing `kind` and a wrong one are told alike by the schema.
  const choices = choicesOf(here, issue, schemaFor(schema, tree, path.slice(0, -1)));
  if (node === null) return { ...common, code: 'missing-key', text: missingText(here), allowed: choices };
  const written = node.kind === 'scalar' ? node.source : null;
  if (
    issue.code === 'invalid_type' &&
    node.kind === 'scalar' &&
    typeof node.value === 'number' &&
    issue.expected === 'string'
  ) {
    return {
      ...common,
      code: 'wrong-type',
      text: `put it in quotes: "${written}"; without them YAML reads the number ${node.value}`,
    };
  }
  if (choices.length > 0 && written !== null) {
    return {
      ...common,
      code: 'wrong-value',
      text: `${short(written)} is not one of the words that may stand here`,
      allowed: choices,
      suggestion: closest(written, choices),
    };
  }
  if (issue.code === 'invalid_type') {
    return {
      ...common,
      code: 'wrong-type',
      text: `must be ${here === null ? issue.expected : typeText(here)}, not ${whatIs(node)}`,
    };
  }
  return {
    ...common,
    code: issue.code === 'custom' && node.kind !== 'scalar' ? 'contradiction' : 'wrong-value',
    text: valueText(issue, written),
  };
}

function choicesOf(here: z.core.$ZodType | null, issue: Issue, around: z.core.$ZodType | null): readonly string[] {
  if (issue.code === 'invalid_union' && around !== null) return [...kindsOf(around).keys()];
  return here === null ? [] : valuesOf(here);
}

function missingText(here: z.core.$ZodType | null): string {
  return here === null ? 'is missing' : `is missing; it must be ${typeText(here)}`;
}

function valueText(issue: Issue, written: string | null): string {
  const value = written === null ? '' : `${short(written)}: `;
  if (issue.code === 'too_small')
    return issue.origin === 'number' || issue.origin === 'int'
      ? `${value}must be at least ${issue.minimum}`
      : 'must not be empty';
  if (issue.code === 'too_big') return `${value}must be at most ${issue.maximum}`;
  return `${value}${lowerFirst(plain(issue.message))}`;
}

// The schema's own English for what has no text of ours.
function plain(message: string): string {
  const pattern = /^Invalid string: must match pattern (.*)$/s.exec(message)?.[1];
  return pattern === undefined ? message.replace(/^Invalid input: /, '') : `does not have the form ${pattern}`;
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text === '' ? 'an empty text' : text;
}

function whatIs(node: TreeNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  return dataOf(node) === null ? 'nothing' : short(node.source);
}
