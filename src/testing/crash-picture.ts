import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { PlanId } from '../domain/plan/plan.ts';
import type { Handle } from '../domain/plan/receipt.ts';
import { REPOS, type CrashWorld } from './crash-world.ts';

const run = promisify(execFile);

const PullState = z.object({
  head: z.string(),
  headSha: z.string(),
  base: z.string(),
  baseSha: z.string(),
  draft: z.boolean(),
  mergeSha: z.string().nullable(),
});
const IssueState = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  user: z.string(),
  labels: z.array(z.string()),
  assignees: z.array(z.string()),
  milestone: z.number().nullable(),
  pull: PullState.nullable(),
});
const RepoFile = z.object({
  lastNumber: z.number(),
  builtTags: z.array(z.string()),
  labels: z.array(z.object({ name: z.string(), color: z.string(), description: z.string().nullable() })),
  milestones: z.array(z.object({ title: z.string(), description: z.string().nullable(), state: z.string() })),
  issues: z.array(IssueState),
  comments: z.array(z.object({ user: z.string(), body: z.string() })),
  reviews: z.array(z.object({ user: z.string(), state: z.string(), commit: z.string() })),
  checkRuns: z.array(z.object({ name: z.string(), headSha: z.string(), conclusion: z.string().nullable() })),
});

/**
 * All of the world that two runs must have in common, as one sorted list of lines: refs and every update they ever had, what GitHub
 * knows beside git. Numbers of issues are left out where two may be given in either order, their count is not.
 */
export async function pictureOf(world: CrashWorld): Promise<readonly string[]> {
  const pictures = await Promise.all(REPOS.map((name) => pictureOfRepo(world, name)));
  return pictures.flat();
}

async function pictureOfRepo(world: CrashWorld, name: string): Promise<readonly string[]> {
  const gitDir = join(world.dir, 'world', 'repos', 'pytorch', `${name}.git`);
  const text = readFileSync(join(world.dir, 'world', 'state', 'pytorch', `${name}.json`), 'utf8');
  const state = RepoFile.parse(JSON.parse(text));
  const refs = (await run('git', ['-C', gitDir, 'for-each-ref', '--format=%(refname) %(objectname)'])).stdout.trim();
  // Two pull requests opened side by side get their numbers in either order.
  const named = new Map<string, string>(
    state.issues.flatMap(({ number, pull }) =>
      pull === null ? [] : [[`refs/pull/${number}/`, `refs/pull/${pull.head}->${pull.base}/`] as const],
    ),
  );
  const rename = (line: string): string => {
    const prefix = /^refs\/pull\/\d+\//.exec(line)?.[0];
    return prefix === undefined ? line : line.replace(prefix, named.get(prefix) ?? prefix);
  };
  return [
    ...refs.split('\n').map((line) => `ref ${rename(line)}`),
    ...refLogs(gitDir).map((line) => `update ${rename(line)}`),
    ...lines('last number', [state.lastNumber]),
    ...lines('built', state.builtTags),
    ...lines('label', state.labels),
    ...lines('milestone', state.milestones),
    ...lines('comment', state.comments),
    ...lines('review', state.reviews),
    ...lines('check', state.checkRuns),
    ...lines(
      'issue',
      state.issues.map(({ number: _number, ...issue }) => issue),
    ),
  ]
    .map((line) => `${name}: ${line}`)
    .toSorted();
}

function lines(what: string, all: readonly unknown[]): readonly string[] {
  return all.map((each) => `${what} ${JSON.stringify(each)}`);
}

/** Each update of each ref: `refs/heads/x old new`. */
function refLogs(gitDir: string): readonly string[] {
  const logs = join(gitDir, 'logs');
  if (!existsSync(logs)) return [];
  return readdirSync(logs, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .flatMap((item) => {
      const file = join(item.parentPath, item.name);
      const ref = file.slice(logs.length + 1);
      const updates = readFileSync(file, 'utf8').trim().split('\n');
      return updates.map((line) => `${ref} ${line.split(' ').slice(0, 2).join(' ')}`);
    });
}

/** What the ledger says of a plan: how often each receipt and the end were written, and whether the chain holds. */
export async function ledgerOf(
  world: CrashWorld,
  plan: PlanId,
): Promise<{ readonly receipts: readonly string[]; readonly ends: number; readonly faults: number }> {
  return world.as('ada-rm', async (app) => {
    const ledger = await app.ledger();
    const train = app.loaded.train.train;
    const entries = await ledger.read({ train });
    const { faults } = await ledger.verify(train);
    const events = entries.map(({ event }) => event);
    return {
      receipts: events
        .flatMap((event) =>
          event.type === 'step-receipt' && event.plan === plan ? [`${event.step} ${withoutNumber(event.handle)}`] : [],
        )
        .toSorted(),
      ends: events.filter((event) => event.type === 'plan-finished' && event.plan === plan).length,
      faults: faults.length,
    };
  });
}

function withoutNumber({ number: _number, link: _link, ...handle }: Handle): string {
  return JSON.stringify(handle);
}

/** How many requests made something on the forge since the sandbox was started: they must be as many as without a kill. */
export function creationsOf(world: CrashWorld): number {
  const makes = /\/(issues|pulls|milestones|labels|comments|git\/refs)$/;
  return world
    .sandbox()
    .requests.all()
    .filter(({ method, path, status }) => method === 'POST' && status === 201 && makes.test(path)).length;
}
