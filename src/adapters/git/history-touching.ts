import { ObjectId } from '../../domain/git-names.ts';
import type { TouchingCommit, TwoHeads } from '../../ports/history.ts';
import { streamGit } from './history-stream.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';

const MARK = '\u0001';

/** The commits only main has that touch one of the files, under the names asked for; merges left out. */
export async function readTouching(
  mirror: Mirror,
  heads: TwoHeads,
  paths: readonly string[],
): Promise<readonly TouchingCommit[]> {
  // Names of several lines cannot be asked for; git would read them as several names.
  const asked = paths.filter((path) => path !== '' && !path.includes('\n'));
  if (asked.length === 0) return [];
  const renamed = await renamedOnMain(mirror, heads, asked);
  const names = [...asked, ...renamed.keys()];
  const input = `${heads.main}\n^${heads.line}\n--\n${names.map((path) => `${path}\n`).join('')}`;
  const args = [
    'log',
    '-z',
    `--format=${MARK}%H`,
    '--name-only',
    '--no-renames',
    '--full-history',
    '--no-merges',
    '--no-color',
    '--no-show-signature',
    '--stdin',
  ];
  const found: { id: ObjectId; paths: string[] }[] = [];
  for await (const piece of pieces(
    streamGit(mirror, { args, input, doing: 'looking for commits that touch the same files' }),
  )) {
    // Between the commit and its first file git prints a newline.
    const text = piece.replace(/^\n/, '');
    if (text.startsWith(MARK)) found.push({ id: ObjectId.parse(text.slice(1, 41)), paths: [] });
    else if (text !== '') found.at(-1)?.paths.push(renamed.get(text) ?? text);
  }
  return found;
}

async function* pieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, from)) {
      yield bytes.toString('utf8', from, end);
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

/** New names on main of files that are not there any more under the old ones: new to old. Looked for only when a file is missing. */
async function renamedOnMain(
  mirror: Mirror,
  { main, line }: TwoHeads,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const there = await inMirror(mirror, [
    'ls-tree',
    '-r',
    '-z',
    '--name-only',
    '--full-tree',
    '--end-of-options',
    main,
    ...paths,
  ]);
  const present = new Set(there.stdout.toString('utf8').split('\0'));
  const missing = new Set(paths.filter((path) => !present.has(path)));
  if (missing.size === 0) return new Map();
  const diff = await inMirror(mirror, [
    'diff-tree',
    '-r',
    '-z',
    '-M',
    '--diff-filter=R',
    '--name-status',
    '--end-of-options',
    line,
    main,
  ]);
  const fields = diff.stdout.toString('utf8').split('\0');
  const renamed = new Map<string, string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [, before = '', after = ''] = fields.slice(at, at + 3);
    if (missing.has(before)) renamed.set(after, before);
  }
  return renamed;
}
