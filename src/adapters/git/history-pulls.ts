import type { CommitText } from '../../domain/history.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { readLog } from './history-stream.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';

/** Commits of one pull request that are looked at; one with more brings in another branch. */
const MOST_COMMITS = 100;

/** The commits of pull requests before they were squashed: forges keep them under refs/pull/N/head. */
export async function readPullCommits(
  mirror: Mirror,
  pulls: readonly number[],
  not: readonly ObjectId[],
): Promise<ReadonlyMap<number, readonly CommitText[]>> {
  const wanted = [...new Set(pulls)].map((number) => ({ number, ref: `refs/pull/${number}/head` }));
  if (wanted.length === 0) return new Map();
  const listed = await inMirror(
    mirror,
    ['ls-remote', '--end-of-options', mirror.address.text, ...wanted.map(({ ref }) => ref)],
    { kind: 'list' },
  );
  const heads = new Map<number, ObjectId>();
  for (const line of listed.stdout.toString('utf8').split('\n')) {
    const [, id, number] = /^([0-9a-f]{40})\trefs\/pull\/(\d+)\/head$/.exec(line) ?? [];
    if (id !== undefined) heads.set(Number(number), ObjectId.parse(id));
  }
  if (heads.size === 0) return new Map();
  const specs = [...heads.keys()].map((number) => `+refs/pull/${number}/head:refs/signalbox/pull/${number}\n`).join('');
  const args = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--no-show-forced-updates',
    '--stdin',
    '--end-of-options',
    mirror.address.text,
  ];
  await inMirror(mirror, args, { kind: 'transfer', input: specs });
  const commits = await commitsOf(mirror, [...heads.values()], not);
  return new Map([...heads].map(([number, head]) => [number, walk(head, commits)]));
}

async function commitsOf(
  mirror: Mirror,
  heads: readonly ObjectId[],
  not: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, CommitText>> {
  const input = [...heads, ...not.map((id) => `^${id}`)].map((revision) => `${revision}\n`).join('');
  const call = { args: ['log', '--stdin'], input, doing: 'reading the commits of its pull requests' };
  const found = new Map<ObjectId, CommitText>();
  for await (const records of readLog(mirror, call)) for (const { commit } of records) found.set(commit.id, commit);
  return found;
}

/** The commits of one head, newest first, as far as they were listed; merges are gone through and left out. */
function walk(head: ObjectId, commits: ReadonlyMap<ObjectId, CommitText>): readonly CommitText[] {
  const seen = new Set<ObjectId>();
  const found: CommitText[] = [];
  const next: ObjectId[] = [head];
  for (let id = next.shift(); id !== undefined && found.length < MOST_COMMITS; id = next.shift()) {
    const commit = commits.get(id);
    if (seen.has(id) || commit === undefined) continue;
    seen.add(id);
    if (commit.parents.length < 2) found.push(commit);
    next.push(...commit.parents);
  }
  return found;
}
