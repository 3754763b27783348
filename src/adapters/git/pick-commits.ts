import type { ObjectId } from '../../domain/git-names.ts';
import type { PickAnswer, PickConflict, PickDraft, Regenerated } from '../../ports/git.ts';
import { readRawCommits, writeRawCommit, type RawCommit } from './commit-object.ts';
import { mergeTrees, type Merged } from './merge-trees.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';
import { prerequisitesOf } from './pick-conflicts.ts';
import { pickMessage, revertMessage } from './pick-message.ts';
import { readIsAncestor } from './read.ts';
import { regenerate } from './regenerate.ts';

type Refused = Extract<PickAnswer, { readonly picked: false }>;

/** What is changed by one commit, as three trees: `onto` gets the way from `base` to `theirs`. */
interface Change {
  readonly commit: RawCommit;
  readonly parent: RawCommit;
  readonly base: ObjectId;
  readonly theirs: ObjectId;
}

/** Carries the commits over, one after the other. Only objects are written: no index, no working tree, and nothing of the commits is run. */
export async function pickCommits(mirror: Mirror, draft: PickDraft): Promise<PickAnswer> {
  const [onto, ...commits] = await readRawCommits(mirror, [draft.onto, ...draft.commits]);
  if (onto === undefined || commits.length === 0) throw new TypeError('a pick needs a commit to pick');
  const made: { of: ObjectId; commit: ObjectId }[] = [];
  const empty: ObjectId[] = [];
  const marked: PickConflict[] = [];
  const regenerated: Regenerated[] = [];
  let head = onto;
  for (const commit of commits) {
    const change = await changeOf(mirror, draft, commit);
    if ('picked' in change) return change;
    const merged = await merge(mirror, draft, { change, head });
    if ('picked' in merged) return merged;
    regenerated.push(...merged.regenerated);
    if (merged.tree === head.tree) {
      empty.push(commit.id);
      continue;
    }
    marked.push(...merged.conflicts);
    head = await commitOf(mirror, draft, { commit, head, tree: merged.tree });
    made.push({ of: commit.id, commit: head.id });
  }
  if (made.length === 0) return { picked: false, because: 'empty', commit: empty[0] ?? draft.onto };
  // A ref keeps the commit from being swept away before it is pushed.
  await inMirror(mirror, ['update-ref', `refs/written/${head.id}`, head.id]);
  const files = await pathsBetween(mirror, onto.tree, head.tree);
  return { picked: true, commit: head.id, tree: head.tree, made, empty, files, conflicts: marked, regenerated };
}

type Settled = Merged & { readonly regenerated: readonly Regenerated[] };

/** Puts the change onto the head. A conflict in nothing but generated files is settled by making them again; no other ever is. */
async function merge(
  mirror: Mirror,
  draft: PickDraft,
  { change, head }: { readonly change: Change; readonly head: RawCommit },
): Promise<Settled | Refused> {
  const merged = await mergeTrees(mirror, { base: change.base, ours: head.tree, theirs: change.theirs });
  if (merged.conflicts.length === 0) return { ...merged, regenerated: [] };
  const { id } = change.commit;
  const at = Math.max(head.committedAt, change.commit.committedAt);
  const again = await regenerate(mirror, { merged, rules: draft.generated ?? [], at });
  if (again?.made === true) {
    const regenerated = again.jobs.map(({ rule, paths }) => ({ of: id, rule, paths }));
    return { tree: again.tree, conflicts: [], regenerated };
  }
  if (again !== null) {
    const { rule, paths, why, detail } = again;
    return { picked: false, because: 'regeneration', commit: id, command: rule.command, paths, why, detail };
  }
  if (draft.conflicts === 'mark') return { ...merged, regenerated: [] };
  const prerequisites = draft.does === 'revert' ? [] : await prerequisitesOf(mirror, draft, change, merged.conflicts);
  return { picked: false, because: 'conflict', commit: id, conflicts: merged.conflicts, prerequisites };
}

async function changeOf(mirror: Mirror, draft: PickDraft, commit: RawCommit): Promise<Change | Refused> {
  const refused = (because: 'in-history' | 'merge-commit' | 'first-commit'): Refused => ({
    picked: false,
    because,
    commit: commit.id,
  });
  if (commit.parents.length > 1) return refused('merge-commit');
  const [parentId] = commit.parents;
  if (parentId === undefined) return refused('first-commit');
  if (draft.does === 'pick' && (await readIsAncestor(mirror, commit.id, draft.onto))) return refused('in-history');
  const [parent] = await readRawCommits(mirror, [parentId]);
  if (parent === undefined) return refused('first-commit');
  const [base, theirs] = draft.does === 'pick' ? [parent.tree, commit.tree] : [commit.tree, parent.tree];
  const paths = await linksMade(mirror, base, theirs);
  if (paths.length > 0) return { picked: false, because: 'symbolic-link', commit: commit.id, paths };
  return { commit, parent, base, theirs };
}

async function commitOf(
  mirror: Mirror,
  draft: PickDraft,
  { commit, head, tree }: { readonly commit: RawCommit; readonly head: RawCommit; readonly tree: ObjectId },
): Promise<RawCommit> {
  const isPick = draft.does === 'pick';
  // The later of the two: a commit is not older than its parent, and the same world gives the same commit.
  const committedAt = Math.max(head.committedAt, commit.committedAt);
  const encoding = commit.encoding;
  const message = isPick ? pickMessage(commit) : revertMessage(commit);
  const id = await writeRawCommit(mirror, {
    tree,
    parents: [head.id],
    ...(isPick ? { author: commit.author } : {}),
    encoding,
    committer: draft.committer,
    committedAt,
    message,
  });
  return { ...commit, id, tree, parents: [head.id], committedAt, message };
}

/** Paths that become a symbolic link on the way from one tree to the other: one could point out of the repository. */
async function linksMade(mirror: Mirror, from: ObjectId, to: ObjectId): Promise<readonly string[]> {
  const { stdout } = await inMirror(mirror, ['diff-tree', '-r', '-z', '--no-renames', '--raw', from, to]);
  const fields = stdout.toString('utf8').split('\0');
  return fields.flatMap((field, index) =>
    /^:\d+ 120000 /.test(field) && fields[index + 1] !== undefined ? [fields[index + 1] ?? ''] : [],
  );
}

async function pathsBetween(mirror: Mirror, from: ObjectId, to: ObjectId): Promise<readonly string[]> {
  const { stdout } = await inMirror(mirror, ['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to]);
  return stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
}
