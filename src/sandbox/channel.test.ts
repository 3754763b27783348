import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { channelFolder, forgetHash, takeAway, uploadWheels } from './channel.ts';
import { cleanUp, startSmallWorld } from './test-world.ts';

afterEach(cleanUp);

const PATH = 'cpu/torch-2.8.0+cpu-py3-none-any.whl';
const OTHER = 'cpu/torch-2.8.0+cpu-cp312-cp312-win_amd64.whl';

const link = (name: string) => `<a href="../${encodeURIComponent(name)}#sha256=${'0'.repeat(64)}">${name}</a>\n`;

async function filled() {
  const { sandbox, dir } = await startSmallWorld();
  const folder = channelFolder(dir, 'test');
  await uploadWheels(folder, [
    { path: PATH, recipe: { name: 'torch', version: '2.8.0+cpu' } },
    { path: OTHER, recipe: { name: 'torch', version: '2.8.0+cpu', tags: 'cp312-cp312-win_amd64' } },
  ]);
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${sandbox.url}/channels/test/${path}`, { headers, method });
  return { folder, get, bytes: await readFile(join(folder, PATH)) };
}

test('a wheel of a channel is served whole, by ranges, and not at all when it is not there', async () => {
  const { get, bytes } = await filled();
  const whole = await get(PATH);
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(bytes);
  const etag = whole.headers.get('etag') ?? '';
  const tail = await get(PATH, { range: 'bytes=-22', 'if-match': etag });
  expect([tail.status, tail.headers.get('content-range')]).toEqual([
    206,
    `bytes ${bytes.length - 22}-${bytes.length - 1}/${bytes.length}`,
  ]);
  expect(Buffer.from(await tail.arrayBuffer())).toEqual(bytes.subarray(-22));
  const middle = await get(PATH, { range: 'bytes=2-5' });
  expect(Buffer.from(await middle.arrayBuffer())).toEqual(bytes.subarray(2, 6));
  expect((await get(PATH, {}, 'HEAD')).headers.get('content-length')).toBe(String(bytes.length));
});

test.each([
  ['a range beyond the end', PATH, { range: 'bytes=99999999-' }, 416],
  ['another state of the file', PATH, { 'if-match': '"other"' }, 412],
  ['a file that is not there', 'cpu/nothing.whl', {}, 404],
  ['a folder', 'cpu', {}, 404],
  ['a way out', '%2e%2e/users.json', {}, 404],
  ['a way out in one part', '..%2fusers.json', {}, 404],
  ['a range that cannot be read', PATH, { range: 'bytes=5-2' }, 200],
])('asking for %s is answered by its status', async (_what, path, headers, status) => {
  const { get } = await filled();
  const answer = await get(path, headers);
  await answer.arrayBuffer();
  expect(answer.status).toBe(status);
});

test('a hash that is forgotten is gone from one link of one page, and from nothing else', async () => {
  const { folder, get } = await filled();
  const [one, other] = [PATH, OTHER].map((path) => path.slice(path.indexOf('/') + 1));
  await mkdir(join(folder, 'cpu/torch'), { recursive: true });
  await writeFile(join(folder, 'cpu/torch/index.html'), link(one ?? '') + link(other ?? ''));
  await forgetHash(folder, 'cpu/torch', other ?? '');
  const page = await (await get('cpu/torch/')).text();
  expect(page).toBe(link(one ?? '') + link(other ?? '').replace(/#sha256=0+/u, ''));
  await expect(forgetHash(folder, 'cpu/torch', other ?? '')).rejects.toThrow(/has no link to/);
  await takeAway(folder, PATH);
  expect((await get(PATH)).status).toBe(404);
});
