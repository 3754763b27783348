import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { AppProblem } from '../problem.ts';
import { writeWhole } from '../write-whole.ts';
import { RENDERED_NOTE } from './release-document.ts';
import type { RenderedDocument } from './index.ts';

/** A document beside what lies in the folder now. */
export interface ComparedDocument extends RenderedDocument {
  readonly state: 'same' | 'new' | 'differs';
}

/**
 * Compares documents with a folder. A file there that is not rendered by us, without our note, is never written over: refused before anything
 * is written.
 */
export async function compareDocuments(
  folder: string,
  documents: readonly RenderedDocument[],
): Promise<Result<readonly ComparedDocument[], AppProblem>> {
  const compared: ComparedDocument[] = [];
  for (const document of documents) {
    const path = join(folder, document.path);
    const there = await readOrNull(path);
    if (there !== null && there !== document.text && !there.includes(RENDERED_NOTE))
      return refuse({
        kind: 'refused',
        code: 'not-rendered',
        text: `${path} was not written by \`signalbox docs render\` and was left as it is. Name another folder, or move the file away.`,
      });
    const state = there === null ? 'new' : there === document.text ? 'same' : 'differs';
    compared.push({ ...document, state });
  }
  return succeed(compared);
}

/** Writes what is new or differs; each file is there whole or as it was. */
export async function writeDocuments(folder: string, compared: readonly ComparedDocument[]): Promise<void> {
  for (const { path, text, state } of compared) {
    if (state === 'same') continue;
    const to = join(folder, path);
    await mkdir(dirname(to), { recursive: true });
    await writeWhole(to, text);
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
