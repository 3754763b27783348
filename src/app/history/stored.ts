import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import type { LineHistory, MainCommit } from '../../history/types.ts';

const Sure = z.enum(['exact', 'strong', 'probable']);
const StoredProof = z.object({
  kind: z.enum([
    'trailer',
    'number',
    'mention',
    'title',
    'patch-id',
    'same-lines',
    'similar-lines',
    'contains',
    'contained',
    'head-ref',
    'union',
    'inverse',
    'pin',
    'order',
  ]),
  text: z.string(),
});
const StoredCounterpart = z.object({
  commit: ObjectId,
  title: z.string(),
  pull: z.number().nullable(),
  confidence: Sure,
  proofs: z.array(StoredProof),
  way: z.enum(['to-line', 'to-main']),
});
const StoredCommit = z.object({
  id: ObjectId,
  title: z.string(),
  pull: z.number().nullable(),
  committedAt: z.number(),
  parents: z.array(ObjectId),
  class: z.enum([
    'exact',
    'modified',
    'multi',
    'partial',
    'empty',
    'release-only',
    'cut',
    'inherited',
    'forward-ported',
    'cross-release',
    'revert-of-own',
    'revert-of-mains',
    'merge',
    'ambiguous',
  ]),
  confidence: z.enum(['exact', 'strong', 'probable', 'ambiguous']),
  counterparts: z.array(StoredCounterpart),
  why: z.array(StoredProof),
  notes: z.array(z.string()),
  candidates: z.array(ObjectId),
});
const StoredEffect = z.object({ commit: ObjectId, effect: z.enum(['present', 'absent']) });
const StoredChain = z.object({
  root: z.string(),
  title: z.string(),
  pull: z.number().nullable(),
  onMain: z.array(StoredEffect),
  onLine: z.array(StoredEffect),
  inherited: z.boolean(),
  confidence: Sure,
});
const StoredHistory = z.object({
  main: ObjectId,
  head: ObjectId,
  commits: z.array(StoredCommit),
  /** One line for each: checking thousands of objects takes longer than all the rest of a warm look. */
  mainCommits: z.string(),
  chains: z.array(StoredChain),
});

/** A line's history as it is kept between runs. */
export function storeHistory(history: LineHistory): string {
  const mainCommits = history.mainCommits.map(({ id, committedAt, pull, title }) =>
    [id, committedAt, pull ?? '', title.replaceAll(/\s/g, ' ')].join('\t'),
  );
  return JSON.stringify({ ...history, mainCommits: mainCommits.join('\n') });
}

/** What `storeHistory` kept; null when there is nothing, or another version kept it: then it is found out again. */
export function restoreHistory(text: string | null): LineHistory | null {
  if (text === null) return null;
  const parsed = StoredHistory.safeParse(JSON.parse(text));
  if (!parsed.success) return null;
  const lines = parsed.data.mainCommits === '' ? [] : parsed.data.mainCommits.split('\n');
  return { ...parsed.data, mainCommits: lines.map(mainCommitOf) };
}

function mainCommitOf(line: string): MainCommit {
  const [id = '', committedAt, pull = '', title = ''] = line.split('\t');
  return {
    id,
    committedAt: Number(committedAt),
    pull: pull === '' ? null : Number(pull),
    title,
  };
}
