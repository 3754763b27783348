import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { channelFolder, takeAway, uploadWheels, writeIndexPages } from './channel.ts';
import { cleanUp, startSmallWorld } from './test-world.ts';

afterEach(cleanUp);

const PATH = 'cpu/torch-2.8.0+cpu-py3-none-any.whl';
const OTHER = 'cpu/torch-2.8.0+cpu-cp312-cp312-win_amd64.whl';

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

test('the builders write a page per project with the hashes they do not forget', async () => {
  const { folder, get } = await filled();
  await writeIndexPages(folder, [OTHER]);
  const page = await (await get('cpu/torch/')).text();
  expect(page.match(/<a [^>]*>/gu)).toEqual([
    '<a href="../torch-2.8.0%2Bcpu-cp312-cp312-win_amd64.whl">',
    expect.stringMatching(/^<a href="\.\.\/torch-2\.8\.0%2Bcpu-py3-none-any\.whl#sha256=[0-9a-f]{64}">$/),
  ]);
  await takeAway(folder, PATH);
  await writeIndexPages(folder);
  expect(await (await get('cpu/torch/')).text()).not.toContain('py3-none-any');
});
