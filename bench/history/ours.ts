/**
 * Our side, in a process of its own so that its memory is its own: `node ours.ts DIR fetch|line|index`. Prints milliseconds, peak memory and
 * what was claimed. Cold when the folder of the cache is not there, warm when it is.
 */
import { join } from 'node:path';
import { gitWithHistory } from '../../src/adapters/git/index.ts';
import { readLine } from '../../src/app/history/read-line.ts';
import { branchRef, type ObjectId } from '../../src/domain/git-names.ts';
import type { LineHistory } from '../../src/history/types.ts';
import { SLUG } from './main-branch.ts';

/** What a run prints. */
export interface OurAnswer {
  readonly millis: number;
  readonly peakBytes: number;
  readonly claims: readonly { readonly line: string; readonly main: string; readonly confidence: string }[];
  readonly classes: readonly { readonly line: string; readonly class: string }[];
}

const [dir = '', mode = ''] = process.argv.slice(2);
const { git, history } = gitWithHistory({ mirrors: join(dir, 'ours', 'mirrors'), cache: join(dir, 'ours', 'cache') });
const at = { repo: 'rail', remote: dir };
const refs = [branchRef('main'), branchRef('release/1.0')];

async function heads(): Promise<{ readonly main: ObjectId; readonly line: ObjectId }> {
  const listed = await git.remoteRefs(at, refs);
  const [main, line] = refs.map((ref) => listed.find((found) => found.ref === ref)?.id);
  if (main === undefined || line === undefined) throw new Error('the generated repository lacks a branch');
  return { main, line };
}

const both = await heads();
if (mode === 'fetch') await git.fetch(at, refs);
const started = performance.now();
let found: LineHistory | null = null;
if (mode === 'line') found = await readLine({ history, at, slug: SLUG, ...both });
if (mode === 'index') await history.find(at, { head: both.main, slug: SLUG }, { ids: [], pulls: [1], issues: [] });
const millis = performance.now() - started;
const commits = found?.commits ?? [];
const answer: OurAnswer = {
  millis,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  claims: commits.flatMap(({ id, counterparts }) =>
    counterparts.map(({ commit, confidence }) => ({ line: id, main: commit, confidence })),
  ),
  classes: commits.map((commit) => ({ line: commit.id, class: commit.class })),
};
console.log(JSON.stringify(answer));
