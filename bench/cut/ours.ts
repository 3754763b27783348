import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gitAdapter } from '../../src/adapters/git/index.ts';
import { branchRef } from '../../src/domain/git-names.ts';
import type { Git, RemoteRepo } from '../../src/ports/git.ts';
import type { BenchWorld } from './world.ts';

const RELEASE = branchRef('release/9.9');
const ORIG = branchRef('orig/release/9.9');
const MAIN = branchRef('main');

/**
 * The cut of all repositories by our own code, from nothing: what is timed. Now the calls of the git port that the plan and its carrying
 * out make; to measure the whole command, plan and apply here.
 */
export async function cutOurWay(world: BenchWorld): Promise<void> {
  const git = gitAdapter({ mirrors: join(world.root, 'mirrors') });
  await Promise.all(world.repos.map(({ name, remote }) => cutOne(git, { repo: name, remote })));
}

async function cutOne(git: Git, at: RemoteRepo): Promise<void> {
  // Plan: where everything is, and the history of what is to be cut.
  const refs = await git.remoteRefs(at, [MAIN, RELEASE, ORIG]);
  await git.fetch(at, [MAIN]);
  const base = refs.find(({ ref }) => ref === MAIN)?.id;
  if (base === undefined || refs.length !== 1) throw new Error(`${at.repo} is not as it was before the cut`);
  // Apply: observe that it is still so, act, and look whether it is done.
  if ((await git.remoteRefs(at, [RELEASE, ORIG])).length > 0) throw new Error(`${at.repo} was cut by somebody else`);
  const answer = await git.push(at, [
    { ref: RELEASE, from: null, to: base },
    { ref: ORIG, from: null, to: base },
  ]);
  if (!answer.pushed) throw new Error(`${at.repo}: ${JSON.stringify(answer.rejected)}`);
  const cut = await git.remoteRefs(at, [RELEASE, ORIG]);
  if (cut.length !== 2 || cut.some(({ id }) => id !== base)) throw new Error(`${at.repo} is not cut at ${base}`);
}

/** Takes away what a run left on our side, so that the next begins from nothing. */
export async function forgetOurWay(world: BenchWorld): Promise<void> {
  await rm(join(world.root, 'mirrors'), { recursive: true, force: true });
}
