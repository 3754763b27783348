import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommitPatch } from '../../domain/history.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { hasCode } from './mirror.ts';

/** Raised whenever what is kept would be made otherwise: what an older version kept is not read. */
const VERSION = 'v1';
const MOST_PATCH_BYTES = 128 * 1024 * 1024;
const MOST_TEXTS = 200;

const StoredPatch = z.tuple([ObjectId, z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]))]);

/** The patches kept in a folder, by commit. What is damaged is left out: it is read from git again. */
export async function keptPatches(folder: string, wanted: ReadonlySet<string>): Promise<Map<ObjectId, CommitPatch>> {
  const kept = new Map<ObjectId, CommitPatch>();
  const text = (await readOrNull(patchFile(folder)))?.toString('utf8') ?? '';
  for (const line of text.split('\n')) {
    if (!wanted.has(line.slice(2, 42))) continue;
    const patch = storedPatch(line);
    if (patch !== null) kept.set(patch.id, patch);
  }
  return kept;
}

/** Keeps patches beside those that are there. Two processes may do so at once: each line stands for itself and carries a digest. */
export async function keepPatches(folder: string, patches: readonly CommitPatch[]): Promise<void> {
  if (patches.length === 0) return;
  await mkdir(folder, { recursive: true });
  const size = await stat(patchFile(folder)).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MOST_PATCH_BYTES) await rm(patchFile(folder), { force: true });
  const lines = patches.map(({ id, files }) => {
    const stored = JSON.stringify([
      id,
      files.map(({ path, signature, removed, added, lines: each }) => [path, signature, removed, added, packed(each)]),
    ]);
    return `${stored}\t${checksum(stored)}\n`;
  });
  // A first newline: what a killed process left of a line is then a line of its own.
  await appendFile(patchFile(folder), `\n${lines.join('')}`);
}

function patchFile(folder: string): string {
  return join(folder, `patches-${VERSION}.jsonl`);
}

function storedPatch(line: string): CommitPatch | null {
  const tab = line.lastIndexOf('\t');
  const stored = line.slice(0, tab);
  if (tab === -1 || checksum(stored) !== line.slice(tab + 1)) return null;
  const parsed = StoredPatch.safeParse(JSON.parse(stored));
  if (!parsed.success) return null;
  const [id, files] = parsed.data;
  return {
    id,
    files: files.map(([path, signature, removed, added, lines]) => ({
      path,
      signature,
      removed,
      added,
      lines: unpacked(lines),
    })),
  };
}

function checksum(text: string): string {
  return createHash('sha1').update(text).digest('base64url').slice(0, 12);
}

function packed(lines: readonly number[]): string {
  const bytes = Buffer.alloc(lines.length * 4);
  lines.forEach((line, index) => bytes.writeUInt32LE(line, index * 4));
  return bytes.toString('base64');
}

function unpacked(text: string): readonly number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_none, index) => bytes.readUInt32LE(index * 4));
}

/** A text kept under a key; null when there is none, or it is damaged. */
export async function recallText(folder: string, key: string): Promise<string | null> {
  const bytes = await readOrNull(textFile(folder, key));
  if (bytes === null) return null;
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  return text.slice(0, end) === `${checksum(body)} ${checksum(key)}` ? body : null;
}

/** Keeps a text under a key, complete or not at all; the oldest ones go when there are many. */
export async function rememberText(folder: string, key: string, text: string): Promise<void> {
  await writeWhole(textFile(folder, key), `${checksum(text)} ${checksum(key)}\n${text}`);
  const kept = (await readdir(join(folder, 'kept'))).filter((name) => name.endsWith('.txt'));
  if (kept.length <= MOST_TEXTS) return;
  const times = await Promise.all(
    kept.map(async (name) => {
      const path = join(folder, 'kept', name);
      return {
        path,
        time: await stat(path).then(
          (found) => found.mtimeMs,
          () => 0,
        ),
      };
    }),
  );
  const oldest = times.toSorted((one, other) => one.time - other.time).slice(0, kept.length - MOST_TEXTS);
  await Promise.all(oldest.map(({ path }) => rm(path, { force: true })));
}

function textFile(folder: string, key: string): string {
  return join(folder, 'kept', `${createHash('sha256').update(`${VERSION}\0${key}`).digest('hex').slice(0, 32)}.txt`);
}

/** Writes a file under its name at once: a reader, or a crash, never meets half of it. */
async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  const fresh = `${path}.${randomUUID()}`;
  await writeFile(fresh, content);
  await rename(fresh, path);
}

/** A file's bytes; null when there is none. */
export async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
