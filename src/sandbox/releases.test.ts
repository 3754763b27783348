import { request } from 'node:http';

import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';

import type { Sandbox } from './index.ts';
import { call, cleanUp, git, startAgain, startSmallWorld, stop } from './test-world.ts';

afterEach(cleanUp);

const widget = '/repos/acme/widget';
const Made = z.object({ id: z.number(), upload_url: z.string() });

async function draft(sandbox: Sandbox, body: object = {}) {
  const asked = { tag_name: 'v1.0.0', name: 'One', draft: true, ...body };
  const answer = await call(sandbox, 'alma', { method: 'POST', path: `${widget}/releases`, body: asked });
  expect(answer.status).toBe(201);
  return Made.parse(answer.body);
}

async function upload(sandbox: Sandbox, to: string, name: string, bytes: string) {
  const response = await fetch(`${to.replace(/\{.*$/u, '')}?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.tokens['alma'] ?? ''}`, 'content-type': 'text/plain' },
    body: bytes,
  });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

test('a draft is seen by those who may write, and by nobody else', async () => {
  const { sandbox } = await startSmallWorld();
  const { id } = await draft(sandbox);
  const statuses = async (login: string) => [
    (await call(sandbox, login, { path: `${widget}/releases` })).body,
    (await call(sandbox, login, { path: `${widget}/releases/${id}` })).status,
    (await call(sandbox, login, { path: `${widget}/releases/tags/v1.0.0` })).status,
    (await call(sandbox, login, { path: `${widget}/releases/latest` })).status,
  ];
  expect(await statuses('wim')).toEqual([[expect.objectContaining({ id, draft: true })], 200, 404, 404]);
  expect(await statuses('rita')).toEqual([[], 404, 404, 404]);
});

test('publishing makes the tag where there is none, is for writers only, and happens once for a tag', async () => {
  const { sandbox } = await startSmallWorld();
  const { id } = await draft(sandbox);
  const publish = (login: string, release: number, body: object = {}) =>
    call(sandbox, login, { method: 'PATCH', path: `${widget}/releases/${release}`, body: { draft: false, ...body } });
  expect((await publish('rita', id)).status).toBe(403);
  expect((await publish('alma', id, { target_commitish: 'no-such-branch' })).status).toBe(422);
  expect((await publish('alma', id, { make_latest: 'true' })).body).toMatchObject({ draft: false, tag_name: 'v1.0.0' });
  const gitDir = sandbox.gitDir('acme', 'widget');
  expect(git(gitDir, 'rev-parse', 'v1.0.0')).toBe(git(gitDir, 'rev-parse', 'main'));
  expect((await publish('alma', (await draft(sandbox)).id)).status).toBe(422);
  const older = await draft(sandbox, { tag_name: 'v0.9.1' });
  expect((await publish('alma', older.id, { make_latest: 'false' })).status).toBe(200);
  expect((await call(sandbox, 'rita', { path: `${widget}/releases/latest` })).body).toMatchObject({ id });
  expect((await call(sandbox, 'rita', { path: `${widget}/releases/tags/v0.9.1` })).body).toMatchObject(
    z.object({ id: z.number() }).parse(older),
  );
});

test('a file keeps its bytes over a restart, and goes with its release', async () => {
  const { sandbox, dir } = await startSmallWorld();
  const { id, upload_url: to } = await draft(sandbox);
  const made = await upload(sandbox, to, 'ä b.txt', 'hello');
  expect(made).toMatchObject({ status: 201, body: { name: 'b.txt', state: 'uploaded', size: 5 } });
  expect((await upload(sandbox, to, 'b.txt', 'other')).status).toBe(422);
  expect((await upload(sandbox, to, 'empty.txt', '')).status).toBe(422);
  const asset = z.object({ id: z.number(), digest: z.string() }).parse(made.body);
  expect(asset.digest).toBe('sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  await stop(sandbox);
  const again = await startAgain(dir);
  const path = `${widget}/releases/assets/${asset.id}`;
  const download = { path, headers: { accept: 'application/octet-stream' } };
  expect((await call(again, 'wim', download)).body).toBe('hello');
  expect((await call(again, 'rita', download)).status).toBe(404);
  expect((await call(again, 'alma', { method: 'DELETE', path: `${widget}/releases/${id}` })).status).toBe(204);
  expect((await call(again, 'wim', { path })).status).toBe(404);
});

test('an upload that does not say its length is refused', async () => {
  const { sandbox } = await startSmallWorld();
  const { upload_url: to } = await draft(sandbox);
  const headers = { authorization: `Bearer ${sandbox.tokens['alma'] ?? ''}`, 'content-type': 'text/plain' };
  const status = await new Promise((resolve, reject) => {
    const sending = request(to.replace(/\{.*$/u, '?name=a.txt'), { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.on('error', reject);
    sending.write('in chunks');
    sending.end();
  });
  expect(status).toBe(411);
});
