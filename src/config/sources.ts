import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { closest } from '../domain/suggest.ts';
import { decodeText, type FileReader, SIZE_LIMIT } from './file-text.ts';
import { parseYaml, type ParsedFile } from './parse-yaml.ts';
import type { ConfigProblem } from './problem.ts';
import type { MapNode, Place, ScalarNode, TreeEntry, TreeNode } from './tree.ts';

/** Sections that may stand in a file of their own beside the train file. */
const SECTION_FILES = ['support', 'artifacts', 'calendar'] as const;
const MAX_TEXTS = 100;
const MAX_CHAIN = 10;

/** One train file with the sections and texts beside it. */
export interface TrainSource {
  readonly tree: TreeNode;
  readonly files: readonly string[];
}

/** A train file and those it extends, farthest ancestor first; what could be read of them. */
export interface Sources {
  readonly chain: readonly TrainSource[];
  readonly problems: readonly ConfigProblem[];
}

interface Reading {
  readonly reader: FileReader;
  readonly presets: string;
  readonly problems: ConfigProblem[];
}

/** The folder of presets that ships with the package: the nearest `trains` beside a package.json, seen from this module. */
export function shippedPresets(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'trains'))) return join(folder, 'trains');
    if (folder === dirname(folder)) return join(import.meta.dirname, '..', '..', 'trains');
  }
}

/** Reads a train file and everything it extends. */
export async function readSources(path: string, reader: FileReader, presets: string): Promise<Sources> {
  const reading: Reading = { reader, presets, problems: [] };
  const chain: TrainSource[] = [];
  const seen: string[] = [];
  let next: { readonly path: string; readonly saidAt: Place | null } | null = { path: resolve(path), saidAt: null };
  while (next !== null) {
    const { saidAt }: { readonly saidAt: Place | null } = next;
    if (seen.includes(next.path) || seen.length >= MAX_CHAIN) {
      const circle = [...seen.slice(seen.indexOf(next.path)), next.path].map((each) =>
        join(basename(dirname(each)), basename(each)),
      );
      const text = seen.includes(next.path)
        ? `goes in a circle: ${circle.join(' extends ')}`
        : `more than ${MAX_CHAIN} files extend each other`;
      tell(reading, saidAt ?? startOf(next.path), { code: 'cycle', key: 'extends', text });
      break;
    }
    seen.push(next.path);
    const read = await readTrain(reading, next.path, saidAt);
    if (read === null) break;
    chain.unshift(read.source);
    next = read.parent;
  }
  return { chain, problems: reading.problems };
}

function startOf(file: string): Place {
  return { file, line: 1, column: 1 };
}

type Said = Pick<ConfigProblem, 'code' | 'key' | 'text'> & Partial<Pick<ConfigProblem, 'allowed' | 'suggestion'>>;

function tell(reading: Reading, place: Place, said: Said): void {
  reading.problems.push({ ...place, allowed: [], suggestion: null, ...said });
}

interface ReadTrain {
  readonly source: TrainSource;
  readonly parent: { readonly path: string; readonly saidAt: Place } | null;
}

async function readTrain(reading: Reading, path: string, saidAt: Place | null): Promise<ReadTrain | null> {
  const own = await readTree(reading, path, saidAt);
  if (own === null) return null;
  if (own === 'missing') {
    const text =
      saidAt === null ? 'there is no such file; `signalbox init` writes a new train file' : `there is no file ${path}`;
    tell(reading, saidAt ?? startOf(path), { code: 'unreadable', key: saidAt === null ? '' : 'extends', text });
    return null;
  }
  if (own.kind !== 'map') {
    tell(reading, own.at, {
      code: 'wrong-type',
      key: '',
      text: 'a train file is a map of keys, for example `title: PyTorch`',
    });
    return null;
  }
  const beside = await readBeside(reading, path, own);
  const entries = new Map([...own.entries, ...beside.entries]);
  const parent = await parentOf(reading, path, entries.get('extends'));
  entries.delete('extends');
  return { source: { tree: { ...own, entries }, files: [path, ...beside.files] }, parent };
}

async function readText(
  reading: Reading,
  path: string,
  saidAt: Place | null,
): Promise<{ readonly text: string } | 'missing' | null> {
  let bytes: Uint8Array | null;
  try {
    bytes = await reading.reader.read(path, SIZE_LIMIT);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell(reading, saidAt ?? startOf(path), { code: 'unreadable', key: '', text: `cannot be read: ${why}` });
    return null;
  }
  if (bytes === null) return 'missing';
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded;
  tell(reading, { file: path, line: decoded.line, column: 1 }, { code: decoded.code, key: '', text: decoded.reason });
  return null;
}

async function readTree(reading: Reading, path: string, saidAt: Place | null): Promise<TreeNode | 'missing' | null> {
  const read = await readText(reading, path, saidAt);
  if (read === null || read === 'missing') return read;
  const parsed: ParsedFile = parseYaml(path, read.text);
  reading.problems.push(...parsed.problems);
  if (parsed.tree === null && parsed.problems.length === 0)
    tell(reading, startOf(path), { code: 'empty', key: '', text: 'holds nothing but comments' });
  return parsed.tree;
}

interface Beside {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly files: readonly string[];
}

/** support.yaml, artifacts.yaml, calendar.yaml and texts/*.md, when the train file is one of a folder of its own (its name is train.yaml). */
async function readBeside(reading: Reading, path: string, own: MapNode): Promise<Beside> {
  const entries = new Map<string, TreeEntry>();
  const files: string[] = [];
  if (basename(path) !== 'train.yaml') return { entries, files };
  for (const name of SECTION_FILES) {
    const file = join(dirname(path), `${name}.yaml`);
    const tree = await readTree(reading, file, null);
    if (tree === 'missing') continue;
    files.push(file);
    if (tree !== null) add(reading, { entries, own, name, value: tree });
  }
  const texts = await readTexts(reading, join(dirname(path), 'texts'));
  if (texts !== null) {
    files.push(...texts.files);
    add(reading, { entries, own, name: 'texts', value: texts.tree });
  }
  return { entries, files };
}

interface Addition {
  readonly entries: Map<string, TreeEntry>;
  readonly own: MapNode;
  readonly name: string;
  readonly value: TreeNode;
}

function add(reading: Reading, { entries, own, name, value }: Addition): void {
  const twice = own.entries.get(name);
  if (twice !== undefined) {
    tell(reading, twice.keyAt, {
      code: 'contradiction',
      key: name,
      text: `stands here and in ${value.at.file} beside this file; leave one of them out`,
    });
    return;
  }
  entries.set(name, { keyAt: value.at, value });
}

async function readTexts(
  reading: Reading,
  folder: string,
): Promise<{ readonly tree: MapNode; readonly files: readonly string[] } | null> {
  const names = (await reading.reader.list(folder)).filter((name) => name.endsWith('.md'));
  if (names.length === 0) return null;
  if (names.length > MAX_TEXTS)
    tell(reading, startOf(folder), { code: 'too-large', key: 'texts', text: `holds more than ${MAX_TEXTS} texts` });
  const entries = new Map<string, TreeEntry>();
  const files = names.slice(0, MAX_TEXTS).map((name) => join(folder, name));
  for (const file of files) {
    const read = await readText(reading, file, null);
    if (read === null || read === 'missing') continue;
    const { text } = read;
    const at = startOf(file);
    const value: ScalarNode = { kind: 'scalar', at, value: text, source: text };
    entries.set(basename(file, '.md'), { keyAt: at, value });
  }
  return { tree: { kind: 'map', at: startOf(folder), entries }, files };
}

const PRESET = /^[a-z][a-z0-9-]*$/;

async function parentOf(reading: Reading, path: string, entry: TreeEntry | undefined): Promise<ReadTrain['parent']> {
  if (entry === undefined) return null;
  const saidAt = entry.value.at;
  const said = entry.value.kind === 'scalar' && typeof entry.value.value === 'string' ? entry.value.value : '';
  if (/^(\.{0,2}\/)/.test(said)) {
    const target = resolve(dirname(path), said);
    return { path: /\.ya?ml$/.test(said) ? target : join(target, 'train.yaml'), saidAt };
  }
  const presets = await reading.reader.list(reading.presets);
  if (PRESET.test(said) && presets.includes(said)) return { path: join(reading.presets, said, 'train.yaml'), saidAt };
  const allowed = [...presets, 'a path that begins with ./ or ../'];
  const text = said === '' ? 'must name a preset or a path' : `there is no preset ${said}`;
  tell(reading, saidAt, { code: 'unknown-preset', key: 'extends', text, allowed, suggestion: closest(said, presets) });
  return null;
}
