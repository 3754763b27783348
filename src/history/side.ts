import type { CommitPatch, CommitText } from '../domain/history.ts';
import type { ObjectId } from '../domain/git-names.ts';
import { readMessage, type MessageFacts } from './message.ts';

/** A commit of a side with what it says. `order` counts from the newest, 0. */
export interface ReadCommit {
  readonly id: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly committedAt: number;
  readonly facts: MessageFacts;
  readonly order: number;
}

/** The commits of one side, newest first, found by what they say. */
export interface Side {
  readonly commits: readonly ReadCommit[];
  readonly byId: ReadonlyMap<string, ReadCommit>;
  readonly byPull: ReadonlyMap<number, readonly ReadCommit[]>;
  readonly byTitle: ReadonlyMap<string, readonly ReadCommit[]>;
  readonly byDiff: ReadonlyMap<string, readonly ReadCommit[]>;
  /** By the titles of the commits that were squashed into them. */
  readonly byInnerTitle: ReadonlyMap<string, readonly ReadCommit[]>;
}

/** The patches that were read, by commit; those not there were not needed. */
export type Patches = ReadonlyMap<ObjectId, CommitPatch>;

/** Reads what a commit says; see `readMessage` for `mentions`. */
export function readCommit(text: CommitText, order: number, slug: string | null, mentions = true): ReadCommit {
  const { id, parents, committedAt, message } = text;
  return { id, parents, committedAt, facts: readMessage(message, slug, mentions), order };
}

/** Puts commits, newest first, where they are found. */
export function sideOf(commits: readonly ReadCommit[]): Side {
  const byId = new Map<string, ReadCommit>();
  const byPull = new Map<number, ReadCommit[]>();
  const byTitle = new Map<string, ReadCommit[]>();
  const byDiff = new Map<string, ReadCommit[]>();
  const byInnerTitle = new Map<string, ReadCommit[]>();
  for (const commit of commits) {
    byId.set(commit.id, commit);
    const { pull, title, diff } = commit.facts;
    if (pull !== null) add(byPull, pull, commit);
    if (title.key !== '') add(byTitle, title.key, commit);
    if (diff !== null) add(byDiff, diff, commit);
    for (const key of commit.facts.innerTitles) add(byInnerTitle, key, commit);
  }
  return { commits, byId, byPull, byTitle, byDiff, byInnerTitle };
}

function add<Key>(map: Map<Key, ReadCommit[]>, key: Key, commit: ReadCommit): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [commit]);
  else found.push(commit);
}

/** The one commit of a side whose id begins so; null when there is none, or more than one. */
export function commitById(side: Side, id: string): ReadCommit | null {
  if (id.length === 40) return side.byId.get(id) ?? null;
  if (id.length < 7) return null;
  const found = side.commits.filter((commit) => commit.id.startsWith(id));
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : null;
}
