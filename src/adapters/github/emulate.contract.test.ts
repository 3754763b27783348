import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { forgeContract, type ForgeGround } from '../../testing/forge-contract.ts';
import { githubForge } from './index.ts';

/** emulate is a GitHub that we have not written: where it is right, the adapter is checked against a foreign reading of the API. */
const REPOS = 80;
const tokens = { alma: 'alma-token', rita: 'rita-token' } as const;
let emulator: Emulator;
let used = 0;

async function call(token: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

const Ref = z.object({ object: z.object({ sha: ObjectId }) });

async function makeTopic(at: string): Promise<ObjectId> {
  const main = Ref.parse(await call(tokens.alma, 'GET', `${at}/git/ref/heads/main`)).object.sha;
  await call(tokens.alma, 'POST', `${at}/git/refs`, { ref: 'refs/heads/topic', sha: main });
  const content = Buffer.from('pin\n').toString('base64');
  await call(tokens.alma, 'PUT', `${at}/contents/pin.txt`, { message: 'Pin', content, branch: 'topic' });
  return Ref.parse(await call(tokens.alma, 'GET', `${at}/git/ref/heads/topic`)).object.sha;
}

/** emulate has no commit statuses; everything else goes to it. */
const withoutStatuses: typeof fetch = async (input, init) => {
  const url = new URL(String(input instanceof Request ? input.url : input));
  if (!/\/commits\/[0-9a-f]{40}\/status$/.test(url.pathname) || url.pathname.includes('/gone/'))
    return fetch(input, init);
  return Response.json({ total_count: 0, statuses: [] });
};

const checkBody = {
  queued: { status: 'queued' },
  running: { status: 'in_progress' },
  success: { status: 'completed', conclusion: 'success' },
  failure: { status: 'completed', conclusion: 'failure' },
  skipped: { status: 'completed', conclusion: 'skipped' },
} as const;

async function ground(): Promise<ForgeGround> {
  const name = `ground-${used}`;
  used += 1;
  const at = `/repos/acme/${name}`;
  return {
    forge: githubForge({
      apiUrl: emulator.url,
      token: () => tokens.alma,
      userAgent: 'signalbox-tests',
      now: () => Instant.parse('2025-06-16T12:00:00Z'),
      fetch: withoutStatuses,
    }),
    repo: RepoSlug.parse(`acme/${name}`),
    gone: RepoSlug.parse('acme/gone'),
    me: 'alma',
    reader: 'rita',
    topic: await makeTopic(at),
    writeIssue: async (_by, draft) =>
      z.object({ number: z.number() }).parse(await call(tokens.rita, 'POST', `${at}/issues`, draft)).number,
    merge: async (pull) => {
      const merged = await call(tokens.alma, 'PUT', `${at}/pulls/${pull}/merge`, { merge_method: 'squash' });
      return z.object({ sha: ObjectId }).parse(merged).sha;
    },
    runCheck: async (head, check, state) => {
      const made = await call(tokens.alma, 'POST', `${at}/check-runs`, {
        name: check,
        head_sha: head,
        ...checkBody[state],
      });
      return z.object({ id: z.number() }).parse(made).id;
    },
    postStatus: () => Promise.reject(new Error('emulate has no statuses')),
    team: 'acme/releng',
    writeComment: async (_by, item, body) =>
      z.object({ id: z.number() }).parse(await call(tokens.rita, 'POST', `${at}/issues/${item}/comments`, { body })).id,
    tag: async (tag, commit, kind) => {
      const body = { tag, message: tag, object: commit, type: 'commit' };
      const Made = z.object({ sha: ObjectId });
      const sha = kind === 'light' ? commit : Made.parse(await call(tokens.alma, 'POST', `${at}/git/tags`, body)).sha;
      await call(tokens.alma, 'POST', `${at}/git/refs`, { ref: `refs/tags/${tag}`, sha });
    },
    draftAs: async (_by, { tag, body }) => {
      const made = await call(tokens.alma, 'POST', `${at}/releases`, { tag_name: tag, body, draft: true });
      return z.object({ id: z.number() }).parse(made).id;
    },
    openPull: async ({ title, draft }) => {
      const pull = { title, draft, head: 'topic', base: 'main' };
      return z.object({ number: z.number() }).parse(await call(tokens.rita, 'POST', `${at}/pulls`, pull)).number;
    },
  };
}

beforeAll(async () => {
  emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: {
        [tokens.alma]: { login: 'alma', scopes: ['repo'] },
        [tokens.rita]: { login: 'rita', scopes: ['repo'] },
      },
      github: {
        users: [{ login: 'alma' }, { login: 'rita' }],
        orgs: [{ login: 'acme', members: [{ login: 'alma', role: 'admin' }] }],
        repos: Array.from({ length: REPOS }, (_unused, index) => ({
          owner: 'acme',
          name: `ground-${index}`,
          auto_init: true,
        })),
      },
    },
  });
});

afterAll(async () => {
  await emulator.close();
});

forgeContract('GitHub, over HTTP to emulate', ground, {
  'tells who may do what': 'emulate says 404 of a person who may read a public repository',
  'creates a milestone once, however often it is asked': 'emulate makes a second milestone of the same title',
  'opens a pull request, finds it by its branches and shows its head':
    'emulate lists pull requests as issues without their mark',
  'lists issues and pull requests by a label, open ones or all, and no others':
    'emulate keeps the labels of pull requests apart from those of issues',
  'opens one pull request for two branches, however often it is asked':
    'emulate opens a second pull request for the same branches',
  'opens no pull request from a branch that is not there': 'emulate does not look for the branch',
  'shows commit statuses beside check runs, the newest of each': 'emulate has no commit statuses',
  'posts a status, of which the newest counts': 'emulate has no commit statuses',
  'lists what was written since a moment, wherever it stands': 'emulate lists comments of one item only',
  'reacts to a comment once, however often it is asked': 'emulate has no reactions',
  'tells what happened to an item, in its order': 'emulate notes labels only',
  'approves another person’s pull request, and never its own': 'emulate lets people approve their own',
  'asks people and teams for reviews, and tells who is asked': 'emulate does not tell who is asked',
  'moves a pull request into a milestone, and tells it like an issue': 'emulate has no issue of a pull request',
  'shows the files and commits of a pull request': 'emulate has no files of pull requests',
  'finds the pull request that brought a commit in': 'emulate does not look for them',
  'lists the pull requests onto a branch, and reads several at once': 'emulate has no GraphQL',
  'makes a draft ready for review, once or twice': 'emulate has no GraphQL',
  'tells who is in a team, and that a team is not there': 'emulate makes no teams from a seed',
  'tells all drafts of one tag, oldest first, whoever made them': 'emulate makes one release of a tag',
  'tells the digest of what it has': 'emulate has no digests of files',
  'attaches no file under a name that is taken': 'emulate attaches a second file of the same name',
  'shows a file whose upload broke off as not whole, and takes it anew once that is away':
    'emulate knows of a file once it is whole',
  'publishes one release of a tag only': 'emulate makes one release of a tag',
  'makes the tag where the release says, if it is published without one': 'emulate makes no tag',
  'tells the settings of a repository, and that one is gone': 'emulate has no rules',
});
