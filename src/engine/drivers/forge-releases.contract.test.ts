import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { githubForge } from '../../adapters/github/index.ts';
import { ObjectId } from '../../domain/git-names.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { makeWorldFrom, startSandbox, type Fault, type Sandbox } from '../../sandbox/index.ts';
import { LATER, NOW } from '../../testing/engine-world.ts';
import { fixedClock } from '../../testing/fixed-clock.ts';
import { readableFiles } from '../../testing/memory-files.ts';
import { memoryGit } from '../../testing/memory-git.ts';
import { memoryLedger } from '../../testing/memory-ledger.ts';
import { RELEASE_FILES, releasePlan } from '../../testing/release-plan.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { applyPlan } from '../apply.ts';
import { foldPlans } from '../fold.ts';

const FAULTS = {
  'a reset before the effect': 'reset',
  'a reset after the effect': 'reset-after-effect',
  'a 500': { status: 500 },
  'a 503 with a time to wait': { status: 503, headers: { 'retry-after': '1' } },
  'a 429': { status: 429, headers: { 'retry-after': '1' } },
  'a page of a proxy': { status: 200, body: '<html>Sign in</html>' },
} satisfies Record<string, Fault>;
/** Of a reading call: whatever else it is answered with is tried by the adapter's own tests. */
const READ_FAULTS: readonly Fault[] = [{ status: 200, body: '<html>Sign in</html>' }];
const folder = mkdtempSync(join(tmpdir(), 'forge-releases-'));
let sandbox: Sandbox;
let commit: ObjectId;
let used = 0;
const slug = RepoSlug.parse('acme/core');

/** As a process that was just started: nothing is known but the ledger and the world. */
async function apply(plan: Plan, ledger: Ledger): Promise<string> {
  const read = async () => foldPlans(await ledger.read({ train: 'small' })).get(plan.id);
  if ((await read()) === undefined) {
    const event = { type: 'plan-made', release: plan.body.release, plan, goodUntil: LATER } as const;
    await ledger.append('small', [{ at: NOW, actor: 'alma', event }]);
  }
  const record = await read();
  if (record === undefined) throw new Error('the plan was not noted');
  const forge = githubForge({
    apiUrl: sandbox.apiUrl,
    token: () => sandbox.tokens['alma'] ?? null,
    userAgent: 'signalbox-tests',
    now: () => NOW,
    timers: { sleep: async () => {}, after: () => () => undefined, random: () => 0 },
  });
  const { end } = await applyPlan({
    record,
    actor: 'alma',
    ports: { git: memoryGit(), forge, pages: null, files: readableFiles(RELEASE_FILES), packages: null },
    ledger,
    lease: { isHeld: async () => true, release: async () => {} },
    seenTo: 0,
    clock: fixedClock(NOW),
    stop: new AbortController().signal,
    report: () => {},
  });
  return end;
}

async function get(path: string, accept = 'application/json'): Promise<Response> {
  return fetch(`${sandbox.apiUrl}${path}`, {
    headers: { authorization: `Bearer ${sandbox.tokens['alma'] ?? ''}`, accept },
  });
}

const Releases = z.array(
  z.object({
    id: z.number(),
    tag_name: z.string(),
    name: z.string(),
    body: z.string(),
    draft: z.boolean(),
    assets: z.array(z.object({ id: z.number(), name: z.string(), state: z.string() })),
  }),
);

/** What everybody can see of a tag: its releases with the very bytes of their files, and whether it is the latest. */
async function pictureOf(tag: string): Promise<unknown> {
  const releases = Releases.parse(await (await get(`/repos/${slug}/releases?per_page=100`)).json());
  const latest = z.object({ tag_name: z.string() }).parse(await (await get(`/repos/${slug}/releases/latest`)).json());
  const bytesOf = async (id: number): Promise<Buffer> => {
    const answer = await get(`/repos/${slug}/releases/assets/${id}`, 'application/octet-stream');
    return Buffer.from(await answer.arrayBuffer());
  };
  const ofTag = releases.filter((release) => release.tag_name === tag);
  return {
    isLatest: latest.tag_name === tag,
    releases: await Promise.all(
      ofTag.map(async ({ assets, id: _id, tag_name: _tag, ...release }) => ({
        ...release,
        assets: await Promise.all(
          assets
            .toSorted((left, right) => (left.name < right.name ? -1 : 1))
            .map(async ({ id, name, state }) => ({ name, state, bytes: await bytesOf(id) })),
        ),
      })),
    ),
  };
}

const theRelease = (tag: string) => ({
  isLatest: true,
  releases: [
    {
      name: 'torch 2.8.0',
      body: `<!-- signalbox:release ${tag} -->\nWhat is new`,
      draft: false,
      assets: [
        { name: 'SHA256SUMS', state: 'uploaded', bytes: RELEASE_FILES.get('whl/SHA256SUMS') },
        { name: 'a.whl', state: 'uploaded', bytes: RELEASE_FILES.get('whl/a.whl') },
      ],
    },
  ],
});

/** A tag that is pushed, and the plan of its release. */
function ground(): { readonly tag: string; readonly plan: Plan } {
  const tag = `v2.8.${used}`;
  used += 1;
  execFileSync('git', ['-C', sandbox.gitDir('acme', 'core'), 'tag', tag, commit]);
  return { tag, plan: releasePlan({ slug, commit, tag }) };
}

beforeAll(async () => {
  const source = join(folder, 'source');
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', source, '-c', 'user.name=T', '-c', 'user.email=t@example.test', ...args], {
      encoding: 'utf8',
    }).trim();
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', '--template=', '--', source]);
  writeFileSync(join(source, 'README.md'), 'core\n');
  git('add', '--', 'README.md');
  git('commit', '--quiet', '-m', 'Start');
  commit = ObjectId.parse(git('rev-parse', 'HEAD'));
  const dir = join(folder, 'world');
  await makeWorldFrom({
    dir,
    sources: [{ source, owner: 'acme', name: 'core' }],
    users: [{ login: 'alma', name: 'Alma', roles: { '*': 'admin' } }],
    now: '2025-06-16T10:00:00Z',
  });
  sandbox = await startSandbox({ dir, rateLimit: 1_000_000 });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly method: string;
  readonly path: string;
}

it('makes the same release after any fault of any request, once it is gone on with', { timeout: 120_000 }, async () => {
  const first = ground();
  expect(await apply(first.plan, memoryLedger())).toBe('finished');
  const asked: readonly Asked[] = [...sandbox.requests.all()];
  expect(await pictureOf(first.tag)).toEqual(theRelease(first.tag));
  let runs = 0;
  for (const [index, { method, path }] of asked.entries()) {
    const after = asked.slice(0, index).filter((other) => other.method === method && other.path === path).length;
    for (const fault of method === 'GET' ? READ_FAULTS : Object.values(FAULTS)) {
      const { tag, plan } = ground();
      const pattern = path.replaceAll(/\/\d{6,}/g, '/\\d+').replace(first.tag, tag);
      sandbox.faults.next({ method, path: new RegExp(`^${pattern}$`), after }, fault);
      const ledger = memoryLedger();
      await apply(plan, ledger).catch(() => 'failed');
      expect(sandbox.faults.pending()).toBe(0);
      expect(await apply(plan, ledger)).toBe('finished');
      expect(await pictureOf(tag)).toEqual(theRelease(tag));
      runs += 1;
    }
  }
  expect(runs).toBeGreaterThanOrEqual(45);
});
