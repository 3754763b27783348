import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import type { Json } from '../domain/canonical-json.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { parseYaml } from './parse-yaml.ts';
import { dataOf, keyText, type KeyPath } from './tree.ts';
import { changeOf, spliced } from './yaml-change.ts';
import { isMapData } from './yaml-text.ts';

/** One value to be written into a YAML file: maps on the way to it are made where they are not there; `undefined` takes the key away. */
export interface YamlEdit {
  readonly path: KeyPath;
  readonly value: Json | undefined;
}

/** Why a file is not edited. */
export type YamlEditProblem =
  /** It is not YAML as train files are; nothing of it is touched. */
  | { readonly code: 'not-yaml'; readonly line: number; readonly text: string }
  /** What is to be changed is written in a way that cannot be changed without touching something else. */
  | { readonly code: 'cannot-keep'; readonly text: string };

/** What is wrong with the file, and what to do about it. */
export function explainYamlEdit(problem: YamlEditProblem, file: string): string {
  return problem.code === 'not-yaml'
    ? `${file}, line ${problem.line}: ${problem.text}. Mend it first; nothing of it was touched.`
    : `${file} cannot be edited without touching something else: ${problem.text}. Change it by hand.`;
}

/**
 * Writes values into a YAML file and keeps every other byte: comments, quotes, line endings, the order of keys. What comes out is read again, and is the old data
 * with these values and nothing else. Problems: the file is no YAML as train files are, or what changes is an alias, shares an anchor, or holds a comment
 * that would go.
 */
export function editYaml(text: string, edits: readonly YamlEdit[]): Result<string, YamlEditProblem> {
  const read = readData(text);
  if (!read.ok) return read;
  const lost = edits.find(({ path }) => isLost(read.value, path));
  if (lost !== undefined) return refuse({ code: 'cannot-keep', text: `${keyText(lost.path)} is not there` });
  // Cloned, since what comes from elsewhere may have another prototype than what is read back.
  const wanted = structuredClone(edits.reduce((data, { path, value }) => withValue(data, path, value), read.value));
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false });
  const changed = changeOf({ text, document }, document.contents, wanted);
  if ('cannot' in changed) return refuse({ code: 'cannot-keep', text: changed.cannot });
  const after = spliced(text, changed.splices);
  const readBack = readData(after);
  if (readBack.ok && isDeepStrictEqual(readBack.value, wanted)) return succeed(after);
  return refuse({
    code: 'cannot-keep',
    text: 'a value is written once and stands for several (an anchor), or has a tag',
  });
}

/** The data of a file as the train's reader reads it; an empty file, or one of comments only, is an empty map. */
function readData(text: string): Result<Json, YamlEditProblem> {
  const { tree, problems } = parseYaml('train file', text);
  const [first] = problems;
  if (first !== undefined) return refuse({ code: 'not-yaml', line: first.line, text: first.text });
  return succeed(tree === null ? {} : dataOf(tree));
}

/** Whether the path goes through an item of a list that is not there: it cannot be made, since nobody knows the others. */
function isLost(data: Json, [part, ...rest]: KeyPath): boolean {
  if (part === undefined) return false;
  if (typeof part === 'number') {
    const items: readonly Json[] = isList(data) ? data : [];
    const item = items[part];
    return item === undefined || isLost(item, rest);
  }
  if (!isMapData(data)) return true;
  return isLost(data[part] ?? {}, rest);
}

function isList(data: Json): data is readonly Json[] {
  return Array.isArray(data);
}

function withValue(data: Json, [part, ...rest]: KeyPath, value: Json | undefined): Json {
  if (part === undefined) return value ?? null;
  if (typeof part === 'number') {
    const items: readonly Json[] = isList(data) ? data : [];
    return items.map((item, index) => (index === part ? withValue(item, rest, value) : item));
  }
  const members = isMapData(data) ? data : {};
  if (value !== undefined) return { ...members, [part]: withValue(members[part] ?? {}, rest, value) };
  const old = members[part];
  // Nothing is made to take something out of it.
  if (old === undefined) return members;
  if (rest.length > 0) return { ...members, [part]: withValue(old, rest, value) };
  return Object.fromEntries(Object.entries(members).filter(([key]) => key !== part));
}
