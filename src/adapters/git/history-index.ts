import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitText, HistoryQuery, IndexedCommit } from '../../domain/history.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { readClosed } from '../../history/issues.ts';
import { readMessage } from '../../history/message.ts';
import { readOrNull } from './history-cache.ts';
import { readLog } from './history-stream.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';

/** Raised when the lines would be made otherwise. */
const VERSION = 'v1';
const BATCH = 256 * 1024;

/** What a head has in all, as one line for each commit: small enough to be looked through as bytes, without making objects of it. */
export interface HistoryIndex {
  readonly bytes: Buffer;
}

/** The index of a head's history; built at the first call, afterwards only what is new is read. */
export async function openIndex(
  mirror: Mirror,
  folder: string,
  { head, slug }: { readonly head: ObjectId; readonly slug: string | null },
): Promise<HistoryIndex> {
  const family = `index-${VERSION}-${createHash('sha256')
    .update(slug ?? '')
    .digest('hex')
    .slice(0, 8)}-`;
  const ready = await readWhole(join(folder, `${family}${head}.tsv`));
  if (ready !== null) return { bytes: ready };
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.startsWith(family) && name.endsWith('.tsv'),
  );
  const older = await olderIndex(mirror, folder, head, names);
  const path = join(folder, `${family}${head}.tsv`);
  await build(mirror, { path, head, slug, older });
  await Promise.all(
    names.filter((name) => join(folder, name) !== path).map((name) => rm(join(folder, name), { force: true })),
  );
  const bytes = await readWhole(path);
  if (bytes === null) throw new Error(`the index ${path} was changed by another hand while it was made`);
  return { bytes };
}

interface Older {
  readonly head: ObjectId;
  readonly bytes: Buffer;
}

/** An index of an ancestor of the head, to add to. One of a head that was taken back names commits that are no more: it is not used. */
async function olderIndex(
  mirror: Mirror,
  folder: string,
  head: ObjectId,
  names: readonly string[],
): Promise<Older | null> {
  for (const name of names) {
    const found = ObjectId.safeParse(name.slice(-44, -4));
    const bytes = found.success ? await readWhole(join(folder, name)) : null;
    if (!found.success || bytes === null) continue;
    const known = await inMirror(mirror, ['cat-file', '-e', found.data], { answers: [1, 128] });
    if (known.code !== 0) continue;
    const ancestor = await inMirror(mirror, ['merge-base', '--is-ancestor', '--end-of-options', found.data, head], {
      answers: [1],
    });
    if (ancestor.code === 0) return { head: found.data, bytes };
  }
  return null;
}

async function build(
  mirror: Mirror,
  input: { readonly path: string; readonly head: ObjectId; readonly slug: string | null; readonly older: Older | null },
): Promise<void> {
  const { path, head, slug, older } = input;
  await mkdir(join(path, '..'), { recursive: true });
  const fresh = `${path}.${randomUUID()}`;
  const file = await open(fresh, 'wx');
  try {
    const args = ['log', '--end-of-options', head, ...(older === null ? [] : [`^${older.head}`]), '--'];
    const records = readLog(mirror, { args, doing: `reading the whole history of ${head}` });
    let pending = '';
    let length = 0;
    const write = async (text: string | Buffer): Promise<void> => {
      const bytes = Buffer.from(text);
      length += bytes.length;
      await file.write(bytes);
    };
    for await (const batch of records) {
      for (const { commit } of batch) pending += lineOf(commit, slug);
      if (pending.length < BATCH) continue;
      await write(pending);
      pending = '';
    }
    await write(pending);
    if (older !== null) await write(older.bytes);
    await file.write(`\nend ${length}`);
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}

/** `\nID TIME\t#pull\t!owner/name#issue\t=title`: each thing to look for stands between tabs. */
function lineOf({ id, committedAt, message }: CommitText, slug: string | null): string {
  const { pull, title } = readMessage(message, slug, false);
  const issues = readClosed(message, slug).map(({ repo, number }) => `!${repo ?? ''}#${number}\t`.toLowerCase());
  return `\n${id} ${committedAt}\t${pull === null ? '' : `#${pull}\t`}${issues.join('')}=${title.text.replaceAll(/\s/g, ' ')}`;
}

/** The lines of an index file, or null when there is none or it is not complete. */
async function readWhole(path: string): Promise<Buffer | null> {
  const bytes = await readOrNull(path);
  if (bytes === null) return null;
  const end = bytes.lastIndexOf('\nend ');
  return end !== -1 && bytes.toString('latin1', end + 5) === String(end) ? bytes.subarray(0, end) : null;
}

/** The commits of an index that match any part of the query, newest first. */
export function searchIndex({ bytes }: HistoryIndex, query: HistoryQuery): readonly IndexedCommit[] {
  const needles = [
    ...query.ids.filter((id) => /^[0-9a-f]{7,40}$/.test(id)).map((id) => `\n${id}`),
    ...query.pulls.map((number) => `\t#${number}\t`),
    ...query.issues.map((issue) => `\t!${issue.toLowerCase()}\t`),
  ];
  const found = new Map<number, IndexedCommit>();
  for (const needle of needles) {
    for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + 1)) {
      const from = needle.startsWith('\n') ? at : bytes.lastIndexOf(0x0a, at);
      const end = bytes.indexOf(0x0a, from + 1);
      found.set(from, commitOfLine(bytes.toString('utf8', from + 1, end === -1 ? bytes.length : end)));
    }
  }
  return [...found.entries()]
    .toSorted(([, one], [, other]) => other.committedAt - one.committedAt)
    .map(([, commit]) => commit);
}

function commitOfLine(line: string): IndexedCommit {
  const title = line.slice(line.indexOf('\t=') + 2);
  const pull = /^\S+ \d+\t#(\d+)\t/.exec(line)?.[1];
  return {
    id: ObjectId.parse(line.slice(0, 40)),
    committedAt: Number(line.slice(41, line.indexOf('\t'))),
    title,
    pull: pull === undefined ? null : Number(pull),
  };
}
