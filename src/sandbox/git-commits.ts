import { gitText, runGit } from './git.ts';

export interface GitPerson {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** A commit as git holds it; dates are UTC, to the second. */
export interface GitCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
}

export interface FileChange {
  readonly path: string;
  readonly previous: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  readonly blob: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string | undefined;
}

const fieldsOfCommit = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'] as const;

function utc(iso: string): string {
  return new Date(iso).toISOString().replace('.000Z', 'Z');
}

function toCommit(fields: readonly string[]): GitCommit {
  const [sha = '', tree = '', parents = '', an = '', ae = '', at = '', cn = '', ce = '', ct = '', body = ''] = fields;
  return {
    sha,
    tree,
    parents: parents === '' ? [] : parents.split(' '),
    author: { name: an, email: ae, date: utc(at) },
    committer: { name: cn, email: ce, date: utc(ct) },
    message: body.replace(/\n+$/u, ''),
  };
}

/** Commits in git's log order; `args` are revisions and limits made by us, `paths` come from outside. */
export async function readCommits(
  gitDir: string,
  args: readonly string[],
  paths: readonly string[] = [],
): Promise<readonly GitCommit[]> {
  const text = await gitText(gitDir, ['log', '-z', `--format=${fieldsOfCommit.join('%x00')}`, ...args, '--', ...paths]);
  const fields = text.split('\0');
  const commits: GitCommit[] = [];
  // No field can hold NUL, so counting fields finds the records whatever a message says.
  for (let at = 0; at + fieldsOfCommit.length <= fields.length; at += fieldsOfCommit.length) {
    commits.push(toCommit(fields.slice(at, at + fieldsOfCommit.length)));
  }
  return commits;
}

/** One commit by its sha. */
export async function readCommit(gitDir: string, sha: string): Promise<GitCommit> {
  const [commit] = await readCommits(gitDir, ['-1', sha]);
  if (commit === undefined) throw new Error(`git log printed nothing for ${sha}`);
  return commit;
}

/** How many commits a range of revisions holds. */
export async function countCommits(gitDir: string, args: readonly string[], paths: readonly string[] = []) {
  return Number(await gitText(gitDir, ['rev-list', '--count', ...args, '--', ...paths]));
}

interface RawChange {
  readonly status: string;
  readonly blob: string;
  readonly path: string;
  readonly previous: string | null;
}

function takeRaw(fields: readonly string[]): { changes: RawChange[]; rest: readonly string[] } {
  const changes: RawChange[] = [];
  let at = 0;
  for (;;) {
    const head = fields[at];
    if (head === undefined || !head.startsWith(':')) break;
    const [, , , blob = '', letter = ''] = head.split(' ');
    const renamed = letter.startsWith('R') || letter.startsWith('C');
    const first = fields[at + 1] ?? '';
    const second = fields[at + 2] ?? '';
    changes.push({
      status: letter.slice(0, 1),
      blob,
      path: renamed ? second : first,
      previous: renamed ? first : null,
    });
    at += renamed ? 3 : 2;
  }
  return { changes, rest: fields.slice(at) };
}

function takeCounts(fields: readonly string[]): readonly (readonly [number, number])[] {
  const counts: (readonly [number, number])[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const [added = '', deleted = '', path = ''] = (fields[at] ?? '').split('\t');
    if (added === '') continue;
    // Binary files are counted as `-`; a rename has its two paths in the next two fields.
    counts.push([added === '-' ? 0 : Number(added), deleted === '-' ? 0 : Number(deleted)]);
    if (path === '') at += 2;
  }
  return counts;
}

function statusOf(letter: string): FileChange['status'] {
  if (letter === 'A') return 'added';
  if (letter === 'D') return 'removed';
  return letter === 'R' ? 'renamed' : 'modified';
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What changed between two trees (`null`: from nothing), with patches, in git's path order. */
export async function readChanges(gitDir: string, from: string | null, to: string): Promise<readonly FileChange[]> {
  const range = [from ?? emptyTree, to];
  const raw = await gitText(gitDir, ['diff-tree', '-r', '-M', '-z', '--raw', '--numstat', '--no-abbrev', ...range]);
  const patchText = await gitText(gitDir, ['diff-tree', '-r', '-M', '-p', '--no-color', '--no-ext-diff', ...range]);
  const patches = `\n${patchText}`.split(/\ndiff --git [^\n]*/u).slice(1);
  const { changes, rest } = takeRaw(raw.split('\0'));
  const counts = takeCounts(rest);
  return changes.map((change, index) => {
    const hunk = patches[index]?.match(/\n(@@[\s\S]*)$/u)?.[1];
    const [additions, deletions] = counts[index] ?? [0, 0];
    return {
      path: change.path,
      previous: change.previous,
      status: statusOf(change.status),
      blob: change.blob,
      additions,
      deletions,
      patch: hunk,
    };
  });
}

/** The whole diff between two trees as text. */
export async function readDiff(gitDir: string, from: string | null, to: string): Promise<string> {
  const run = await runGit(gitDir, ['diff-tree', '-r', '-M', '-p', '--full-index', from ?? emptyTree, to]);
  return run.stdout.toString('utf8');
}
