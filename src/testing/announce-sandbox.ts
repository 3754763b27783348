import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { githubForge } from '../adapters/github/index.ts';
import type { App } from '../app/app.ts';
import { createRelease } from '../app/releases.ts';
import { Instant } from '../domain/instant.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { makeWorldFrom, proposeChange, startSandbox, type ChangeToPropose, type Sandbox } from '../sandbox/index.ts';
import { fixedClock, type FixedClock } from './fixed-clock.ts';
import { addCommits, makeRepo, testGit, type MadeCommit } from './git-repos.ts';
import { pickWorld, type PickWorld } from './pick-app.ts';

/** What happens after the release day happens elsewhere: a train, and a forge over HTTP with the repositories of others. */
export interface AnnounceSandbox {
  readonly sandbox: Sandbox;
  /** As somebody, with the forge signed in for them. */
  readonly appOf: (login: string, train?: (train: App['loaded']['train']) => App['loaded']['train']) => App;
  readonly clock: FixedClock;
  /** The repositories of the train itself, on this machine. */
  readonly own: PickWorld;
  /** One request to the forge as somebody; what is refused is thrown. */
  readonly call: (by: string, request: { method: string; path: string; body?: unknown }) => Promise<unknown>;
  /** A pull request of the repository, opened now. */
  readonly propose: (repo: string, change: Pick<ChangeToPropose, 'by' | 'title' | 'branch'>) => Promise<number>;
  /** Commits to main of a repository, pushed over HTTP. */
  readonly push: (repo: string, commits: readonly MadeCommit[]) => Promise<void>;
  readonly end: () => Promise<void>;
}

const PEOPLE = [
  { login: 'rita', name: 'Rita', roles: { '*': 'admin' } },
  { login: 'ann', name: 'Ann', roles: { '*': 'write' } },
  { login: 'bob', name: 'Bob', roles: { '*': 'write' } },
  { login: 'alice', name: 'Alice', roles: { '*': 'write' } },
  { login: 'mallory', name: 'Mallory', roles: {} },
  { login: 'stale[bot]', name: 'Stale', type: 'Bot', roles: { '*': 'write' } },
] as const;

/** Starts it, with these repositories of `acme` on the forge and these members of the train file. */
export async function announceSandbox(
  repos: readonly string[],
  {
    train,
    release,
    at,
  }: { readonly train: Record<string, unknown>; readonly release: ReleaseVersion; readonly at: string },
): Promise<AnnounceSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'announce-sandbox-'));
  const sourceOf = (name: string): string => join(folder, `source-${name}.git`);
  for (const name of repos)
    await makeRepo({ dir: sourceOf(name), commits: [{ message: 'Begin', files: { 'README.md': 'begin\n' } }] });
  const dir = join(folder, 'world');
  const sources = repos.map((name) => ({ source: sourceOf(name), owner: 'acme', name }));
  await makeWorldFrom({ dir, sources, users: [...PEOPLE], now: '2025-06-01T10:00:00Z' });
  const clock = fixedClock(Instant.parse(at));
  const sandbox = await startSandbox({ dir, now: () => clock.now() });
  const world = await pickWorld(folder, train);
  const appOf: AnnounceSandbox['appOf'] = (login, change = (same) => same) => {
    const app = world.appOf(login);
    const forge = githubForge({
      apiUrl: sandbox.apiUrl,
      token: () => sandbox.tokens[login] ?? null,
      userAgent: 'signalbox-tests',
      now: () => clock.now(),
      timers: { sleep: async () => {}, after: () => () => undefined, random: () => 0 },
    });
    return { ...app, clock, forge, loaded: { ...app.loaded, train: change(app.loaded.train) } };
  };
  const opened = await createRelease(appOf('rita'), release);
  if (!opened.ok) throw new Error(opened.problems[0].text);
  return {
    sandbox,
    appOf,
    clock,
    own: world,
    push: async (repo, commits) => {
      await addCommits(sourceOf(repo), commits);
      const url = new URL(sandbox.gitUrl('acme', repo));
      url.username = 'rita';
      url.password = sandbox.tokens['rita'] ?? '';
      await testGit(sourceOf(repo), ['push', '--quiet', url.href, 'main:main']);
    },
    call: (by, request) => call(sandbox, by, request),
    propose: (repo, change) =>
      proposeChange(sandbox, {
        owner: 'acme',
        name: repo,
        body: '',
        files: { [`${change.branch}.md`]: change.title },
        ...change,
      }),
    end: async () => {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function call(
  { apiUrl, tokens }: Sandbox,
  by: string,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<unknown> {
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[by] ?? ''}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} as ${by}: ${answer.status} ${text.slice(0, 300)}`);
  return text === '' ? null : JSON.parse(text);
}
