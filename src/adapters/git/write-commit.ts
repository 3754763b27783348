import { createHash } from 'node:crypto';
import { ObjectId } from '../../domain/git-names.ts';
import { epochMillis } from '../../domain/instant.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Signature } from '../../domain/plan/step.ts';
import type { CommitDraft } from '../../ports/git.ts';
import { GitError } from '../../ports/git.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';

/** Writes the commit and gives its id; the same draft gives the same. Two runs of git, no index, no working tree. */
export async function writeCommitObject(mirror: Mirror, draft: CommitDraft): Promise<ObjectId> {
  const conflict = (text: string): never => {
    throw new GitError('conflict', `${mirror.at.repo}: ${text} Nothing was written; make the plan anew.`);
  };
  checkPaths(draft, conflict);
  await checkBefore(mirror, draft, conflict);
  const stream = commitStream(mirror, draft);
  const { stdout } = await inMirror(mirror, ['fast-import', '--quiet', '--done', '--date-format=raw'], {
    input: stream,
  });
  return ObjectId.parse(stdout.toString('latin1').trim());
}

type Refuse = (text: string) => never;

function checkPaths(draft: CommitDraft, conflict: Refuse): void {
  const seen = new Set<string>();
  for (const { path, before, after } of draft.files) {
    if (!isPlainPath(path)) conflict(`${JSON.stringify(path)} is no path of a file in a repository.`);
    if (seen.has(path)) conflict(`${path} is changed twice in one commit.`);
    if (before === null && after === null) conflict(`${path} is to be deleted, and was not there when it was planned.`);
    seen.add(path);
  }
  for (const { path } of draft.files.filter(({ after }) => after !== null)) {
    const file = foldersOf(path).find((folder) =>
      draft.files.some((other) => other.path === folder && other.after !== null),
    );
    if (file !== undefined) conflict(`${file} would be a file and the folder of ${path}.`);
  }
}

/** No part that git, or a disk that takes upper for lower case, could mistake for a place outside of the tree or for its own folder. */
function isPlainPath(path: string): boolean {
  if (path.includes('\0') || path.length > 4000 || !path.isWellFormed()) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'));
}

async function checkBefore(mirror: Mirror, draft: CommitDraft, conflict: Refuse): Promise<void> {
  const paths = new Set(draft.files.flatMap(({ path }) => [path, ...foldersOf(path)]));
  const present = await entriesAt(mirror, draft.parent, [...paths]);
  for (const { path, before, after } of draft.files) {
    const found = present.get(path);
    if (found?.mode === '120000') conflict(`${path} is a symbolic link at ${draft.parent}, which is never edited.`);
    if ((found?.id ?? null) !== before) {
      conflict(
        `${path} was planned on ${before ?? 'no file'}, and at ${draft.parent} it is ${found === undefined ? 'not there' : `${found.type} ${found.id}`}.`,
      );
    }
    const blocked = foldersOf(path).find((folder) => (present.get(folder)?.type ?? 'tree') !== 'tree');
    const freed = draft.files.some((other) => other.path === blocked && other.after === null);
    if (after !== null && blocked !== undefined && !freed)
      conflict(`${blocked} is a file at ${draft.parent}, so ${path} cannot be made.`);
  }
}

interface Entry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
}

// The list of paths is an argument, and arguments have a limit of the system: asked in portions of this many bytes.
const PORTION_BYTES = 60_000;

async function entriesAt(
  mirror: Mirror,
  commit: ObjectId,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  let portion: string[] = [];
  let bytes = 0;
  const ask = async (): Promise<void> => {
    const args = ['ls-tree', '-z', '-t', '--full-tree', '--end-of-options', commit, ...portion];
    const { stdout } = await inMirror(mirror, args);
    for (const line of stdout.toString('utf8').split('\0')) {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', id = ''] = line.slice(0, Math.max(tab, 0)).split(' ');
      if (tab !== -1) entries.set(line.slice(tab + 1), { mode, type, id });
    }
    portion = [];
    bytes = 0;
  };
  for (const path of paths) {
    portion.push(path);
    bytes += Buffer.byteLength(path) + 1;
    if (bytes > PORTION_BYTES) await ask();
  }
  if (portion.length > 0) await ask();
  return entries;
}

function commitStream(mirror: Mirror, draft: CommitDraft): Buffer {
  const who = signatureLine(mirror, draft.author, draft.date);
  const pieces: Buffer[] = [];
  const line = (text: string): void => void pieces.push(Buffer.from(`${text}\n`, 'utf8'));
  const data = (text: string): void => {
    const bytes = Buffer.from(text, 'utf8');
    line(`data ${bytes.length}`);
    pieces.push(bytes, Buffer.from('\n'));
  };
  // A ref keeps the commit from being swept away before it is pushed; its name follows from the draft, as the commit does.
  line(`commit refs/written/${createHash('sha256').update(JSON.stringify(draft)).digest('hex')}`);
  line('mark :1');
  line(`author ${who}`);
  line(`committer ${who}`);
  data(withLastNewline(draft.message));
  line(`from ${draft.parent}`);
  // Deletions first: a file may make room for a folder of its name.
  for (const { path } of draft.files.filter(({ after }) => after === null)) line(`D ${quoted(path)}`);
  for (const { path, mode, after } of draft.files) {
    if (after === null) continue;
    line(`M ${mode} inline ${quoted(path)}`);
    data(after);
  }
  line('');
  line('get-mark :1');
  line('done');
  return Buffer.concat(pieces);
}

/** A path as git's streams quote it: every byte that is not a plain character as three octal digits. */
function quoted(path: string): string {
  const bytes = [...Buffer.from(path, 'utf8')];
  const escaped = bytes.map((byte) =>
    /[ !#-[\]-~]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `"${escaped.join('')}"`;
}

/** `Name <email> seconds +0000`. Throws `GitError` for names that could end the line or the address early. */
export function signatureLine(mirror: Mirror, { name, email }: Signature, date: Instant): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused here
  if (/[<>\x00-\x1f\x7f]/.test(`${name}${email}`)) {
    throw new GitError(
      'failed',
      `${mirror.at.repo}: ${JSON.stringify(`${name} <${email}>`)} cannot be an author for git. Correct the name or the address.`,
    );
  }
  return `${name} <${email}> ${Math.floor(epochMillis(date) / 1000)} +0000`;
}

/** Git ends messages with a newline; apart from that a message is written as given. */
export function withLastNewline(message: string): string {
  return message.endsWith('\n') ? message : `${message}\n`;
}
