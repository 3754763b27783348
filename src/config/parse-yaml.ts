import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Node,
} from 'yaml';
import type { ConfigProblem } from './problem.ts';
import { keyText, type KeyPath, type MapNode, type Place, type TreeEntry, type TreeNode } from './tree.ts';

const MAX_DEPTH = 40;
const MAX_NODES = 60_000;
const MAX_PROBLEMS = 20;

/** A file read as YAML 1.2: what could be read, and what was wrong with it. */
export interface ParsedFile {
  readonly tree: TreeNode | null;
  readonly problems: readonly ConfigProblem[];
}

interface Reading {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly problems: ConfigProblem[];
  /** Nodes made so far, those of repeated aliases counted each time: what stops a YAML bomb. */
  readonly made: { nodes: number; refused: boolean };
}

/** Reads YAML 1.2, strictly: no tabs, no second document, no tags of other languages, no key twice, no bombs. */
export function parseYaml(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  // Duplicate keys are found below: the library compares each key with every other.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const reading: Reading = { file, document, lines, problems: [], made: { nodes: 0, refused: false } };
  const faults = [...document.errors, ...document.warnings];
  if (document.directives.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    tell(reading, {
      offset: 0,
      path: [],
      code: 'syntax',
      text: `is marked as YAML ${document.directives.yaml.version}; train files are YAML 1.2: leave the %YAML line out`,
    });
  }
  for (const fault of faults.slice(0, MAX_PROBLEMS)) {
    const deep = fault.code === 'RESOURCE_EXHAUSTION';
    tell(reading, {
      offset: fault.pos[0],
      path: [],
      code: deep ? 'too-deep' : 'syntax',
      text: deep ? 'is nested too deeply' : syntaxText(fault.code, fault.message),
    });
  }
  if (reading.problems.length > 0) return { tree: null, problems: reading.problems };
  const tree = document.contents === null ? null : nodeOf(reading, document.contents, []);
  if (reading.made.refused) return { tree: null, problems: reading.problems };
  return { tree, problems: reading.problems };
}

const SYNTAX: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab indents this line; indent with spaces',
  MULTIPLE_DOCS: 'a second document begins here (---); a train file is one',
  MISSING_CHAR: 'a bracket or quote that was opened is not closed; is the file cut off?',
};

function syntaxText(code: string, message: string): string {
  return SYNTAX[code] ?? `is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

interface Told {
  readonly offset: number;
  readonly path: KeyPath;
  readonly code: ConfigProblem['code'];
  readonly text: string;
}

function placeAt({ file, lines }: Reading, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

function tell(reading: Reading, { offset, path, code, text }: Told): void {
  if (reading.problems.length >= MAX_PROBLEMS) return;
  reading.problems.push({ code, ...placeAt(reading, offset), key: keyText(path), text, allowed: [], suggestion: null });
}

function refuseAll(reading: Reading, offset: number, text: string): TreeNode {
  if (!reading.made.refused) tell(reading, { offset, path: [], code: 'too-deep', text });
  const { made } = reading;
  made.refused = true;
  return { kind: 'scalar', at: placeAt(reading, offset), value: null, source: '' };
}

function nodeOf(reading: Reading, node: Node | null, path: KeyPath, fallback = 0): TreeNode {
  const offset = node?.range?.[0] ?? fallback;
  const { made } = reading;
  made.nodes += 1;
  if (made.refused || made.nodes > MAX_NODES) {
    return refuseAll(
      reading,
      offset,
      `unfolds into more than ${MAX_NODES} values; repeated anchors (&name, *name) blow it up`,
    );
  }
  if (path.length > MAX_DEPTH) return refuseAll(reading, offset, `is nested more than ${MAX_DEPTH} levels deep`);
  const at = placeAt(reading, offset);
  if (isAlias(node)) return aliasOf(reading, node, path);
  if (isMap(node)) return mapOf(reading, node.items, at, path);
  if (isSeq(node)) {
    const items = node.items.map((item, index) => nodeOf(reading, asNode(item), [...path, index], offset));
    return { kind: 'list', at, items };
  }
  if (!isScalar(node)) return { kind: 'scalar', at, value: null, source: '' };
  const { value } = node;
  const source = node.source ?? String(value);
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'scalar', at, value, source };
  }
  tell(reading, { offset, path, code: 'wrong-type', text: 'is of a kind that train files do not have' });
  return { kind: 'scalar', at, value: null, source };
}

function asNode(item: unknown): Node | null {
  return isAlias(item) || isMap(item) || isSeq(item) || isScalar(item) ? item : null;
}

function aliasOf(reading: Reading, alias: Alias, path: KeyPath): TreeNode {
  const target = alias.resolve(reading.document);
  const offset = alias.range?.[0] ?? 0;
  // An anchor around its own alias never ends: the depth limit above stops it.
  if (target !== undefined) return nodeOf(reading, target, path, offset);
  tell(reading, { offset, path, code: 'syntax', text: `there is no anchor &${alias.source} before this` });
  return { kind: 'scalar', at: placeAt(reading, offset), value: null, source: '' };
}

function mapOf(reading: Reading, pairs: readonly Pair[], at: Place, path: KeyPath): MapNode {
  const entries = new Map<string, TreeEntry>();
  for (const pair of pairs) {
    const key = asNode(pair.key);
    const offset = key?.range?.[0] ?? 0;
    const name = keyName(reading, key, path);
    if (name === null) continue;
    const first = entries.get(name);
    const value = nodeOf(reading, asNode(pair.value), [...path, name], offset);
    if (first === undefined) entries.set(name, { keyAt: placeAt(reading, offset), value });
    else
      tell(reading, {
        offset,
        path: [...path, name],
        code: 'duplicate-key',
        text: `stands here twice; first in line ${first.keyAt.line}`,
      });
  }
  return { kind: 'map', at, entries };
}

function keyName(reading: Reading, key: Node | null, path: KeyPath): string | null {
  const offset = key?.range?.[0] ?? 0;
  if (isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__') return key.value;
  if (isScalar(key) && typeof key.value === 'number') {
    tell(reading, {
      offset,
      path: [...path, key.source ?? ''],
      code: 'wrong-type',
      text: `put the key in quotes: "${key.source}"; without them YAML reads the number ${key.value}`,
    });
    return null;
  }
  tell(reading, { offset, path, code: 'wrong-type', text: 'this key is not a word' });
  return null;
}
