import { ObjectId } from '../../domain/git-names.ts';
import type { PickConflict, PickDraft, PickPrerequisite } from '../../ports/git.ts';
import type { RawCommit } from './commit-object.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';

// A conflict over more than this is no question of prerequisites any more.
const MOST_FILES = 20;
const MOST_RANGES = 50;
const MOST_OF_A_FILE = 5;

/**
 * The commits before the picked one, absent from where it goes, that last touched the lines it changes: what has to be picked first, perhaps.
 * Where no line tells, those that touched the file. Newest first.
 */
export async function prerequisitesOf(
  mirror: Mirror,
  { onto }: PickDraft,
  { commit, parent }: { readonly commit: RawCommit; readonly parent: RawCommit },
  conflicts: readonly PickConflict[],
): Promise<readonly PickPrerequisite[]> {
  const missing = await missingCommits(mirror, onto, parent.id);
  if (missing.size === 0) return [];
  const found = new Map<ObjectId, PickPrerequisite>();
  for (const path of await pathsInQuestion(mirror, { commit, parent }, conflicts)) {
    const lines = await lastOnLines(mirror, { onto, commit, parent, path });
    const here = lines.length > 0 ? lines : await onFile(mirror, { onto, parent, path });
    for (const one of here) if (found.get(one.commit)?.touched !== 'lines') found.set(one.commit, one);
  }
  const rank = (one: PickPrerequisite): number => missing.get(one.commit) ?? Number.MAX_SAFE_INTEGER;
  return [...found.values()].toSorted((left, right) => rank(left) - rank(right));
}

/** Commits of main that the line has not, with their place in history, newest first. Only as many as can matter are read. */
async function missingCommits(
  mirror: Mirror,
  onto: ObjectId,
  parent: ObjectId,
): Promise<ReadonlyMap<ObjectId, number>> {
  const { stdout } = await inMirror(mirror, ['rev-list', '--max-count=20000', parent, `^${onto}`]);
  const ids = stdout
    .toString('latin1')
    .split('\n')
    .filter((id) => id !== '');
  return new Map(ids.map((id, index) => [ObjectId.parse(id), index]));
}

interface Around {
  readonly commit: RawCommit;
  readonly parent: RawCommit;
}

/** The conflicting files as the picked commit names them; all it changes, where the line has renamed one. */
async function pathsInQuestion(
  mirror: Mirror,
  { commit, parent }: Around,
  conflicts: readonly PickConflict[],
): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', parent.tree, commit.tree];
  const { stdout } = await inMirror(mirror, args);
  const changed = stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
  const named = changed.filter((path) => conflicts.some((conflict) => conflict.path === path));
  return (named.length === conflicts.length ? named : changed).slice(0, MOST_FILES);
}

interface OneFile extends Around {
  readonly onto: ObjectId;
  readonly path: string;
}

async function lastOnLines(mirror: Mirror, file: OneFile): Promise<readonly PickPrerequisite[]> {
  const { onto, commit, parent, path } = file;
  const diff = await inMirror(
    mirror,
    ['diff', '-U2', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', parent.id, commit.id, '--', path],
    {
      answers: [1],
    },
  );
  const ranges = [...diff.stdout.toString('latin1').matchAll(/^@@ -(\d+)(?:,(\d+))? \+/gm)].flatMap((hunk) => {
    const count = Number(hunk[2] ?? '1');
    return count === 0 ? [] : [`-L${hunk[1]},+${count}`];
  });
  if (ranges.length === 0) return [];
  const blame = ['blame', '--porcelain', ...ranges.slice(0, MOST_RANGES), parent.id, `^${onto}`, '--', path];
  const { stdout } = await inMirror(mirror, blame);
  return parseBlame(stdout.toString('utf8'));
}

/** Each commit is described where it is first met; what lies before the range is marked as boundary. */
function parseBlame(text: string): readonly PickPrerequisite[] {
  const found = new Map<string, { subject: string; boundary: boolean }>();
  let current: { subject: string; boundary: boolean } | null = null;
  for (const line of text.split('\n')) {
    const head = /^([0-9a-f]{40}) \d+ \d+/.exec(line);
    if (line.startsWith('\t')) current = null;
    else if (head !== null) {
      current = found.get(head[1] ?? '') ?? { subject: '', boundary: false };
      found.set(head[1] ?? '', current);
    } else if (current !== null && line.startsWith('summary ')) current.subject = line.slice('summary '.length);
    else if (current !== null && line === 'boundary') current.boundary = true;
  }
  return [...found].flatMap(([id, { subject, boundary }]) =>
    boundary ? [] : [{ commit: ObjectId.parse(id), subject, touched: 'lines' as const }],
  );
}

async function onFile(
  mirror: Mirror,
  { onto, parent, path }: Omit<OneFile, 'commit'>,
): Promise<readonly PickPrerequisite[]> {
  const args = [
    'log',
    '-z',
    '--format=%H%x00%s',
    '--no-show-signature',
    `--max-count=${MOST_OF_A_FILE}`,
    parent.id,
    `^${onto}`,
    '--',
    path,
  ];
  const { stdout } = await inMirror(mirror, args);
  const fields = stdout.toString('utf8').split('\0');
  return fields.flatMap((field, index) =>
    index % 2 === 0 && field !== ''
      ? [{ commit: ObjectId.parse(field), subject: fields[index + 1] ?? '', touched: 'file' as const }]
      : [],
  );
}
