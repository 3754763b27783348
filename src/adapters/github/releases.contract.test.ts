import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ByteSourceError, type ByteSource } from '../../domain/byte-source.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { ForgeError, type Forge, type ReleaseFileDraft } from '../../ports/forge.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { json, scriptedServer, type Scene, type ScriptedServer } from '../../testing/scripted-server.ts';
import type { Timers } from '../http/timers.ts';
import { githubForge } from './index.ts';

const SECRET = 'ghp_0123456789secret';
const repo = RepoSlug.parse('acme/core');
const commit = ObjectId.parse('a'.repeat(40));
const BYTES = Buffer.from('a wheel\n'.repeat(1000));
let server: ScriptedServer;
let waits: number[] = [];

/** Timers that write down how long was slept, and never let time pass by themselves. */
const instantly: Timers = {
  sleep: async (millis) => {
    waits.push(millis);
  },
  after: () => () => undefined,
  random: () => 0,
};

function forge(changes: { readonly timers?: Timers } = {}): Forge {
  return githubForge({
    apiUrl: server.url,
    token: () => SECRET,
    userAgent: 'signalbox-tests',
    now: () => Instant.parse('2025-06-16T12:00:00Z'),
    timers: instantly,
    ...changes,
  });
}

const release = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: 7,
  tag_name: 'v2.8.0',
  name: 'torch 2.8.0',
  body: null,
  draft: true,
  author: { login: 'alma' },
  html_url: 'https://github.com/acme/core/releases/tag/untagged-7',
  upload_url: `${server.url}/repos/acme/core/releases/7/assets{?name,label}`,
  ...change,
});

function fileOf(bytes: ByteSource = memorySource(BYTES)): ReleaseFileDraft {
  const running = runningDigest();
  running.add(BYTES);
  return { name: 'a+b.whl', size: BYTES.length, digest: running.digest(), bytes };
}

const uploaded = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: 9,
  name: 'a+b.whl',
  state: 'uploaded',
  size: BYTES.length,
  digest: fileOf().digest,
  ...change,
});

const attach = (over: Forge = forge(), file = fileOf()): Promise<unknown> => over.releases.attach(repo, 7, file);

async function failed(call: Promise<unknown>): Promise<ForgeError> {
  const answer = await call.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  if (answer instanceof ForgeError) return answer;
  throw new Error('expected a ForgeError', { cause: answer });
}

const reset: Scene = (response) => response.socket?.resetAndDestroy();

beforeAll(async () => {
  server = await scriptedServer();
});
afterEach(() => {
  // oxlint-disable-next-line vitest/no-standalone-expect -- holds for every test: no scene is left over
  expect(server.left()).toBe(0);
  waits = [];
});
afterAll(async () => {
  await server.close();
});

describe('an upload', () => {
  it('is sent with its length, its name in the query, and the bytes as they are', async () => {
    server.play([json(200, release()), json(201, uploaded())]);
    expect(await attach()).toEqual({
      id: 9,
      name: 'a+b.whl',
      size: BYTES.length,
      digest: fileOf().digest,
      whole: true,
    });
    const sent = server.seen[1];
    expect(sent).toMatchObject({ method: 'POST', path: '/repos/acme/core/releases/7/assets?name=a%2Bb.whl' });
    expect(sent?.body).toBe(BYTES.toString('utf8'));
    expect(sent?.headers).toMatchObject({
      'content-length': String(BYTES.length),
      'content-type': 'application/octet-stream',
      authorization: `Bearer ${SECRET}`,
    });
    expect(sent?.headers['transfer-encoding']).toBeUndefined();
  });

  it.each([
    [
      'another host',
      'http://127.0.0.2:1/repos/acme/core/releases/7/assets{?name,label}',
      '127.0.0.2:1, which is not called',
    ],
    ['another port', 'http://127.0.0.1:1/repos/acme/core/releases/7/assets', '127.0.0.1:1, which is not called'],
    [
      'a name that only looks like it',
      'https://uploads.github.com.evil.example/repos/acme/core/releases/7/assets',
      'which is not called',
    ],
    [
      'the host of another forge',
      'https://uploads.github.com/repos/acme/core/releases/7/assets',
      'which is not called',
    ],
    ['another release', 'HERE/repos/acme/core/releases/8/assets{?name,label}', 'not that of its files'],
    ['a path that climbs', 'HERE/repos/acme/core/releases/7/assets/../../../../x', 'not that of its files'],
    ['nothing that is an address', 'none', 'not that of its files'],
  ])('that an answer sends to %s is not made, and no token leaves', async (_name, to, why) => {
    server.play([json(200, release({ upload_url: to.replace('HERE', server.url) }))]);
    const error = await failed(attach());
    expect(error.code).toBe('unexpected-answer');
    expect(error.message).toContain(why);
    expect(server.seen).toHaveLength(1);
  });

  it('is not followed elsewhere, where the token would go', async () => {
    server.play([
      json(200, release()),
      (response) => response.writeHead(307, { location: 'http://127.0.0.2:1/' }).end(),
    ]);
    expect((await failed(attach())).code).toBe('not-found');
  });

  it.each([
    ['502', json(502, {}), 'unavailable'],
    ['a connection reset', reset, 'unreachable'],
  ] as const)('is not made again after %s, since it may be there', async (_name, scene, code) => {
    server.play([json(200, release()), scene]);
    const error = await failed(attach());
    expect(error.code).toBe(code);
    expect(error.message).toContain('Whether it was done is not known: run the command again');
    expect(waits).toEqual([]);
  });

  it('is made again from the first byte after a rate limit, which did nothing', async () => {
    server.play([json(200, release()), json(429, {}, { 'retry-after': '3' }), json(201, uploaded())]);
    await attach();
    expect(waits).toEqual([3000]);
    expect(server.seen[2]?.body).toBe(BYTES.toString('utf8'));
  });

  it('of a name that is taken is told as such', async () => {
    const errors = [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }];
    server.play([json(200, release()), json(422, { message: 'Validation Failed', errors })]);
    const error = await failed(attach());
    expect(error.code).toBe('invalid');
    expect(error.message).toContain('name already_exists');
  });

  it('never shows the token that a refusal repeats', async () => {
    server.play([json(200, release()), json(403, { message: `Bad: ${SECRET}` })]);
    const error = await failed(attach());
    expect(error).toMatchObject({ code: 'not-allowed', status: 403 });
    expect(error.message).not.toContain(SECRET);
  });

  it.each([
    ['another name', uploaded({ name: 'a.b.whl' })],
    ['another size', uploaded({ size: 1 })],
    ['another digest', uploaded({ digest: `sha256:${'0'.repeat(64)}` })],
    ['a state that is not the end', uploaded({ state: 'starter' })],
    ['no file', { message: 'ok' }],
  ])('that is answered with %s is an error', async (_name, body) => {
    server.play([json(200, release()), json(201, body)]);
    expect((await failed(attach())).code).toBe('unexpected-answer');
  });

  it('without a digest in the answer is believed by its size', async () => {
    server.play([json(200, release()), json(201, uploaded({ digest: null }))]);
    expect(await attach()).toMatchObject({ digest: null, whole: true });
  });

  it('whose source fails is told as the failure of the source', async () => {
    const stream = async function* stream(): AsyncIterable<Uint8Array> {
      yield BYTES.subarray(0, 10);
      throw new ByteSourceError('missing', 'the file is gone');
    };
    server.play([json(200, release())]);
    await expect(attach(forge(), fileOf({ ...memorySource(BYTES), stream }))).rejects.toThrow('the file is gone');
  });

  it('that stands still is given up, and one that goes on is not', async () => {
    const pending = new Set<() => void>();
    const timers: Timers = {
      ...instantly,
      after: (_millis, act) => {
        pending.add(act);
        return () => pending.delete(act);
      },
    };
    let counts: number[] = [];
    const stream = async function* stream(): AsyncIterable<Uint8Array> {
      for (let at = 0; at < BYTES.length; at += 1000) {
        counts = [...counts, pending.size];
        yield BYTES.subarray(at, at + 1000);
      }
    };
    server.play([json(200, release()), () => [...pending].forEach((act) => act())]);
    const error = await failed(attach(forge({ timers }), fileOf({ ...memorySource(BYTES), stream })));
    expect(error.message).toContain('did nothing for 30 seconds. Whether it was done is not known');
    // One limit at a time, set anew with each piece.
    expect(new Set(counts)).toEqual(new Set([1]));
  });

  it('of 2 GiB is refused before anything is sent', async () => {
    server.play([]);
    const file = { ...fileOf(), size: 2 * 1024 ** 3 };
    expect((await failed(attach(forge(), file))).message).toContain('GitHub takes files under 2147483648');
    expect(server.seen).toEqual([]);
  });
});

const published = (): Record<string, unknown> => release({ draft: false });

describe('a release', () => {
  it('is looked for on every page, since GitHub finds no draft by its tag', async () => {
    const next = `${server.url}/repos/acme/core/releases?page=2`;
    server.play([
      json(200, [release({ id: 12 }), release({ id: 11, tag_name: 'v2.7.0' })], { link: `<${next}>; rel="next"` }),
      json(200, [release({ id: 12 }), release({ id: 3 })]),
    ]);
    expect((await forge().releases.find(repo, 'v2.8.0')).map(({ id }) => id)).toEqual([3, 12]);
  });

  it('is published with its commit, and said to be the latest or not', async () => {
    server.play([json(200, published()), json(200, published())]);
    await forge().releases.publish(repo, 7, { commit, latest: true });
    await forge().releases.publish(repo, 7, { commit, latest: false });
    expect(server.seen.map(({ body }): unknown => JSON.parse(body))).toEqual([
      { draft: false, target_commitish: commit, make_latest: 'true' },
      { draft: false, target_commitish: commit, make_latest: 'false' },
    ]);
  });

  it('that stays a draft although it was published is an error', async () => {
    server.play([json(200, release())]);
    const error = await failed(forge().releases.publish(repo, 7, { commit, latest: true }));
    expect(error.message).toContain('answered with a draft');
  });

  it('that was published is never deleted', async () => {
    server.play([json(200, published())]);
    expect((await failed(forge().releases.discard(repo, 7))).code).toBe('invalid');
    expect(server.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  it('has a tag that leads to a commit, or none', async () => {
    const at = (type: string): Scene => json(200, { object: { type, sha: commit } });
    server.play([at('tag'), at('tag'), at('commit'), at('tree')]);
    expect(await forge().releases.tagAt(repo, 'v2.8.0')).toBe(commit);
    expect((await failed(forge().releases.tagAt(repo, 'v2.8.0'))).message).toContain('a tree instead of a commit');
  });

  it('has no tag that leads in circles', async () => {
    server.play([json(200, { object: { type: 'tag', sha: commit } })], true);
    expect((await failed(forge().releases.tagAt(repo, 'v2.8.0'))).message).toContain('a tag instead of a commit');
    expect(server.seen.length).toBe(6);
  });
});
