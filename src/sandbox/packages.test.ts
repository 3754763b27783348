import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeWheel, type MadeWheel, type WheelRecipe } from './make-wheel.ts';
import { startPackageIndex, type PackageIndex, type PackageIndexOptions } from './packages.ts';

const TORCH: WheelRecipe = { name: 'torch', version: '2.8.0', requiresPython: '>=3.9' };
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

let index: PackageIndex;
const started: PackageIndex[] = [];

async function start(options: Partial<PackageIndexOptions> = {}): Promise<PackageIndex> {
  const made = await startPackageIndex({ dir: null, now: () => '2025-08-06T15:00:00.123456Z', ...options });
  started.push(made);
  return made;
}

beforeEach(async () => {
  index = await start();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()));
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Upload {
  readonly fields?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly fileName?: string;
  readonly bytes?: Uint8Array;
  readonly token?: string | null;
}

/** Uploads as clients do; null leaves a field out. */
async function upload(wheel: MadeWheel, { fields = {}, ...change }: Upload = {}) {
  const bytes = change.bytes ?? wheel.bytes;
  const [, version = ''] = wheel.fileName.split('-');
  const form = new FormData();
  const all = {
    ':action': 'file_upload',
    protocol_version: '1',
    metadata_version: '2.1',
    name: 'torch',
    version,
    filetype: 'bdist_wheel',
    pyversion: 'py3',
    sha256_digest: sha256(bytes),
    requires_python: '>=3.9',
    ...fields,
  };
  for (const [name, value] of Object.entries(all)) {
    if (value !== null) for (const each of [value].flat()) form.append(name, each);
  }
  form.append('content', new Blob([Buffer.from(bytes)]), change.fileName ?? wheel.fileName);
  const token = change.token === undefined ? index.tokens['owner'] : change.token;
  const authorization = `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}`;
  const answer = await fetch(index.uploadUrl, {
    method: 'POST',
    body: form,
    ...(token === null ? {} : { headers: { authorization } }),
  });
  return { status: answer.status, reason: answer.statusText, text: await answer.text() };
}

const told = ({ status, reason }: { readonly status: number; readonly reason: string }): string =>
  `${status} ${reason}`;

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${index.url}${path}`, { headers, redirect: 'manual' });
const simple = async (): Promise<unknown> => (await get('/simple/torch/', { accept: JSON_TYPE })).json();
const FilesOf = z.looseObject({ files: z.array(z.looseObject({ filename: z.string(), url: z.string() })) });

describe('an upload', () => {
  test('is taken, and everything that is to be known of it is told', async () => {
    const wheel = makeWheel({ ...TORCH, requiresDist: ['filelock'], classifiers: ['Typing :: Typed'] });
    expect(
      await upload(wheel, { fields: { requires_dist: ['filelock'], classifiers: ['Typing :: Typed'] } }),
    ).toMatchObject({
      status: 200,
    });
    const page = FilesOf.parse(await simple());
    expect(page).toMatchObject({
      meta: { 'api-version': '1.3' },
      name: 'torch',
      versions: ['2.8.0'],
      files: [
        {
          filename: wheel.fileName,
          hashes: { sha256: sha256(wheel.bytes) },
          size: wheel.bytes.length,
          'requires-python': '>=3.9',
          'upload-time': '2025-08-06T15:00:00.123456Z',
          yanked: false,
          provenance: null,
        },
      ],
    });
    const served = await fetch(page.files[0]?.url ?? '');
    expect(sha256(new Uint8Array(await served.arrayBuffer()))).toBe(sha256(wheel.bytes));
    const tail = await fetch(page.files[0]?.url ?? '', { headers: { range: 'bytes=-22' } });
    expect([tail.status, Buffer.from(await tail.arrayBuffer())]).toEqual([206, Buffer.from(wheel.bytes).subarray(-22)]);
    const metadata = await (await fetch(`${page.files[0]?.url}.metadata`)).arrayBuffer();
    expect(page.files[0]?.['core-metadata']).toEqual({ sha256: sha256(new Uint8Array(metadata)) });
    expect(await (await get('/pypi/Torch/2.8.0/json')).json()).toMatchObject({
      info: {
        name: 'torch',
        version: '2.8.0',
        requires_dist: ['filelock'],
        classifiers: ['Typing :: Typed'],
        yanked: false,
      },
      urls: [
        { filename: wheel.fileName, digests: { sha256: sha256(wheel.bytes) }, size: wheel.bytes.length, yanked: false },
      ],
    });
    expect(await (await get('/pypi/torch/json')).json()).toMatchObject({
      releases: { '2.8.0': [{ filename: wheel.fileName }] },
    });
  });

  test('of the same file once more is taken without anything being done', async () => {
    const wheel = makeWheel(TORCH);
    await upload(wheel);
    expect(await upload(wheel)).toMatchObject({ status: 200 });
    expect(index.files()).toHaveLength(1);
  });

  test('of other bytes under a name is refused, also after the file was deleted', async () => {
    const wheel = makeWheel(TORCH);
    await upload(wheel);
    const other = makeWheel({ ...TORCH, description: 'other' });
    expect(told(await upload(other))).toMatch(/^400 File already exists \('torch-2.8.0/u);
    index.owners.deleteFile(wheel.fileName);
    expect(told(await upload(wheel))).toMatch(
      /^400 This filename has already been used, use a different version\. See http/u,
    );
    expect(index.files()).toEqual([]);
  });

  test('of the same bytes under another name is refused', async () => {
    const wheel = makeWheel(TORCH);
    await upload(wheel);
    const fileName = 'torch-2.8.0-py2.py3-none-any.whl';
    expect(told(await upload(wheel, { fileName }))).toMatch(/^400 File already exists/u);
  });

  const wheelOf = (change: Partial<WheelRecipe>): MadeWheel => makeWheel({ ...TORCH, ...change });

  test.each<readonly [string, MadeWheel, Upload, RegExp]>([
    ['without a token', wheelOf({}), { token: null }, /^403 Invalid or non-existent authentication/u],
    ['with another token', wheelOf({}), { token: 'pypi-other' }, /^403 Invalid or non-existent authentication/u],
    ['of another action', wheelOf({}), { fields: { ':action': 'submit' } }, /^404 Not Found/u],
    ['of another protocol', wheelOf({}), { fields: { protocol_version: '2' } }, /^400 Unknown protocol version/u],
    [
      'of a local version',
      wheelOf({ version: '2.8.0+cpu' }),
      {},

      /^400 The use of local versions in '2.8.0\+cpu' is not allowed/u,
    ],
    ['of no version', wheelOf({}), { fields: { version: 'new' } }, /^400 'new' is invalid for 'version'/u],
    ['of no name', wheelOf({}), { fields: { name: '-torch' } }, /^400 '-torch' is invalid for 'name'/u],
    ['with two names', wheelOf({}), { fields: { name: ['torch', 'vision'] } }, /^400 'name' has more than one value/u],
    [
      'of unknown metadata',
      wheelOf({}),
      { fields: { metadata_version: '9.9' } },

      /^400 '9.9' is not a valid metadata version/u,
    ],
    [
      'with an unknown classifier',
      wheelOf({}),
      { fields: { classifiers: ['Typing :: Typed', 'Private :: Do Not Upload'] } },

      /^400 'Private :: Do Not Upload' is not a valid classifier/u,
    ],
    ['of an unknown type', wheelOf({}), { fields: { filetype: 'bdist_egg' } }, /^400 Invalid value for filetype/u],
    ['without a tag of Python', wheelOf({}), { fields: { pyversion: null } }, /^400 .*Python version is required/u],
    [
      'without a digest',
      wheelOf({}),
      { fields: { sha256_digest: null } },
      /^400 .*Include at least one message digest/u,
    ],
    [
      'with a digest that is none',
      wheelOf({}),
      { fields: { sha256_digest: 'abc' } },

      /^400 Invalid value for sha256_digest/u,
    ],
    [
      'with another digest',
      wheelOf({}),
      { fields: { sha256_digest: 'a'.repeat(64) } },

      /^400 The digest supplied does not match/u,
    ],
    [
      'with another MD5',
      wheelOf({}),
      { fields: { md5_digest: 'a'.repeat(32) } },

      /^400 The digest supplied does not match/u,
    ],
    [
      'with another BLAKE2',
      wheelOf({}),
      { fields: { blake2_256_digest: 'a'.repeat(64) } },

      /^400 The digest supplied/u,
    ],
    [
      'with a long summary',
      wheelOf({}),
      { fields: { summary: 'x'.repeat(513) } },

      /^400 'summary' field must be 512/u,
    ],
    [
      'with a direct dependency',
      wheelOf({}),
      { fields: { requires_dist: ['a @ http://b/c'] } },

      /^400 Can't have direct/u,
    ],
    [
      'under the name of another project',
      wheelOf({ name: 'vision' }),
      {},

      /^400 Start filename for 'torch' with 'torch'/u,
    ],
    [
      'under the name of another version',
      wheelOf({}),
      { fields: { version: '2.8.1' } },

      /^400 Version in filename should be '2.8.1'/u,
    ],
    [
      'with a name that is a path',
      wheelOf({}),
      { fileName: '..\\..\\torch-2.8.0-py3-none-any.whl' },

      /^400 Cannot upload a file with '\/'/u,
    ],
    ['with a name of no wheel', wheelOf({}), { fileName: 'torch-2.8.0.exe' }, /^400 Invalid file extension/u],
    [
      'for the machine that built it',
      wheelOf({ tags: 'cp312-cp312-linux_x86_64' }),
      {},

      /^400 .*unsupported platform tag 'linux_x86_64'/u,
    ],
    [
      'that is no zip',
      wheelOf({}),
      { bytes: Buffer.from('no zip') },

      /^400 Invalid distribution file\. File is not a zipfile/u,
    ],
    [
      'that is half a zip',
      wheelOf({}),
      { bytes: makeWheel(TORCH).bytes.slice(40) },

      /^400 Invalid distribution file/u,
    ],
    [
      'without METADATA',
      wheelOf({ broken: { without: ['torch-2.8.0.dist-info/METADATA'] } }),
      {},

      /^400 .*required METADATA file/u,
    ],
    ['without RECORD', wheelOf({ broken: { record: 'absent' } }), {}, /^400 .*required RECORD file/u],
    [
      'with more than RECORD has',
      wheelOf({ broken: { record: 'missing-entry' } }),
      {},
      /^400 .*RECORD does not match/u,
    ],
    [
      'with less than RECORD has',
      wheelOf({ broken: { record: 'surplus-entry' } }),
      {},
      /^400 .*RECORD does not match/u,
    ],
    [
      'with METADATA of another name',
      wheelOf({ broken: { metadataName: 'evil' } }),
      {},

      /^400 .*has METADATA of evil 2.8.0/u,
    ],
    [
      'with METADATA of another version',
      wheelOf({ broken: { metadataVersion: '2.8.9' } }),
      {},

      /^400 .*has METADATA of torch 2.8.9/u,
    ],
    [
      'with attestations and a token',
      wheelOf({}),
      { fields: { attestations: '[{}]' } },

      /^400 Attestations are only supported/u,
    ],
    ['with attestations that are none', wheelOf({}), { fields: { attestations: '{' } }, /^400 Error while decoding/u],
  ])('%s is refused, and nothing of it stays', async (_what, wheel, how, expected) => {
    const answer = await upload(wheel, how);
    expect(told(answer)).toMatch(expected);
    expect(answer.text).toContain(`<title>${answer.status} `);
    expect(index.files()).toEqual([]);
    // The name is free all the same.
    expect(await upload(makeWheel(TORCH))).toMatchObject({ status: 200 });
  });

  test('that is too large is refused, and so is one that makes the project too large', async () => {
    index = await start({ limits: { file: 1024 * 1024, project: 3000, raised: { Torch: { file: 2 * 1024 * 1024 } } } });
    const large = makeWheel({
      ...TORCH,
      files: { 'torch/big.bin': Buffer.alloc(2 * 1024 * 1024 + 1) },
      deflated: false,
    });
    expect(told(await upload(large))).toMatch(/^400 File too large\. Limit/u);
    const medium = makeWheel({ ...TORCH, files: { 'torch/big.bin': Buffer.alloc(1024 * 1024) }, deflated: false });
    expect(told(await upload(medium))).toMatch(
      /^400 Project size too large\. Limit for project 'torch' total size is 0 GB/u,
    );
  });

  test('to a project of somebody else is refused, and one by a token of another project too', async () => {
    const accounts = [
      { login: 'owner', token: 'pypi-owner', password: 'p', projects: null },
      { login: 'other', token: 'pypi-other', password: 'p', projects: null },
      { login: 'scoped', token: 'pypi-scoped', password: 'p', projects: ['vision'] },
    ];
    index = await start({ accounts });
    await upload(makeWheel(TORCH));
    const wheel = makeWheel({ ...TORCH, version: '2.8.1' });
    expect(told(await upload(wheel, { token: 'pypi-other' }))).toContain("isn't allowed to upload");
    expect(told(await upload(wheel, { token: 'pypi-scoped' }))).toContain('project-scoped token');
  });

  test('is told of by who sent it in the log of requests', async () => {
    await upload(makeWheel(TORCH));
    expect(index.requests.all()).toMatchObject([{ method: 'POST', path: '/legacy/', login: 'owner', status: 200 }]);
  });
});

/** Sends bytes as they are, and answers what came back until the connection ended. */
function raw(head: readonly string[], body: Buffer | string = ''): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(index.url);
    const socket = connect(Number(port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.write(`POST /legacy/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${head.join('\r\n')}\r\n\r\n`);
    socket.write(body);
  });
}

const authorization = () =>
  `authorization: Basic ${Buffer.from(`__token__:${index.tokens['owner']}`).toString('base64')}`;

const part = (name: string, value: string | Buffer) =>
  Buffer.concat([
    Buffer.from(`--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);

const whole = (...parts: readonly Buffer[]) => Buffer.concat([...parts, Buffer.from('--b--\r\n')]);

describe('a hostile upload', () => {
  const type = 'content-type: multipart/form-data; boundary=b';
  const send = (body: Buffer) => raw([authorization(), type, `content-length: ${body.length}`], body);

  test('that says it has 300 GB is refused before a byte of it is read', async () => {
    const answer = await raw([authorization(), type, `content-length: ${300 * 1024 ** 3}`], 'x');
    expect(answer).toMatch(/^HTTP\/1.1 413 Request Entity Too Large/u);
  });

  test.each<readonly [string, Buffer, RegExp]>([
    ['has another boundary than it says', Buffer.from('--c\r\n\r\n'), /another boundary/u],
    ['ends in its middle', part('name', 'torch'), /ends in its middle/u],
    ['has a text that is not UTF-8', whole(part('name', Buffer.from([0xff, 0xfe]))), /not UTF-8/u],
    ['has a part without a name', whole(Buffer.from('--b\r\ncontent-type: x\r\n\r\nx\r\n')), /without a name/u],
    ['has headers without an end', Buffer.from(`--b\r\n${'x'.repeat(20_000)}`), /headers without an end/u],
    ['has huge fields', whole(part('name', 'x'.repeat(9 * 1024 * 1024))), /more than \d+ bytes of fields/u],
    ['has countless fields', whole(...Array.from({ length: 20_001 }, () => part('a', ''))), /more than 20000 fields/u],
    ['has a boundary that goes on', Buffer.from('--bb\r\n'), /boundary that goes on/u],
  ])('that %s is refused', async (_what, body, reason) => {
    const answer = await send(body);
    expect(answer).toMatch(/^HTTP\/1.1 400 Invalid form: /u);
    expect(answer).toMatch(reason);
    expect(index.files()).toEqual([]);
  });

  test('that is no form is refused', async () => {
    expect(await raw([authorization(), 'content-type: application/json', 'content-length: 2'], '{}')).toMatch(
      /no multipart/u,
    );
  });

  test('in any cut of its bytes is the same form', async () => {
    const wheel = makeWheel(TORCH);
    const fields = {
      name: 'torch',
      version: '2.8.0',
      metadata_version: '2.1',
      filetype: 'bdist_wheel',
      pyversion: 'py3',
    };
    const parts = Object.entries({
      ...fields,
      ':action': 'file_upload',
      summary: '',
      sha256_digest: sha256(wheel.bytes),
    });
    const file = Buffer.concat([
      Buffer.from(`--b\r\ncontent-disposition: form-data; name="content"; filename="${wheel.fileName}"\r\n\r\n`),
      wheel.bytes,
      Buffer.from('\r\n'),
    ]);
    const body = whole(...parts.map(([name, value]) => part(name, value)), file);
    const { readForm } = await import('./packages-form.ts');
    const limits = { fields: 1e6, count: 100, headers: 1e4, file: 1e6 };
    const read = async (size: number) => {
      const came: Uint8Array[] = [];
      async function* chunks() {
        for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
      }
      const sink = { write: async (bytes: Uint8Array) => void came.push(Uint8Array.from(bytes)) };
      const form = await readForm(chunks(), 'b', { limits, sink });
      return { form, digest: sha256(Buffer.concat(came)) };
    };
    const expected = await read(body.length);
    expect(expected.digest).toBe(sha256(wheel.bytes));
    expect(expected.form.fields.get('summary')).toEqual(['']);
    for (const size of [1, 2, 3, 7, 64, 1000]) expect(await read(size)).toEqual(expected);
    expect(await send(body)).toMatch(/^HTTP\/1.1 200/u);
  });
});

const shown = async () => FilesOf.parse(await simple()).files.length;

describe('the pages of the index', () => {
  beforeEach(async () => {
    await upload(makeWheel(TORCH));
  });

  test.each([
    ['text/html', 'text/html; charset=UTF-8'],
    [JSON_TYPE, JSON_TYPE],
    ['application/vnd.pypi.simple.v1+html', 'application/vnd.pypi.simple.v1+html'],
    [`${JSON_TYPE}, text/html;q=0.1`, JSON_TYPE],
    [`${JSON_TYPE};q=0.1, text/html`, 'text/html; charset=UTF-8'],
    ['*/*', 'text/html; charset=UTF-8'],
  ])('asked for as %s come as %s', async (accept, type) => {
    expect((await get('/simple/torch/', { accept })).headers.get('content-type')).toBe(type);
  });

  test('are not had in another form, from another spelling, or where nothing is', async () => {
    expect((await get('/simple/torch/', { accept: 'image/png' })).status).toBe(406);
    expect((await get('/simple/Torch/')).headers.get('location')).toBe('/simple/torch/');
    expect((await get('/simple/torch')).headers.get('location')).toBe('/simple/torch/');
    for (const path of [
      '/simple/vision/',
      '/pypi/vision/json',
      '/pypi/torch/9/json',
      '/packages/a/b/c/d',
      '/x',
      '/simple/%ff/',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
    expect((await fetch(`${index.url}/simple/`, { method: 'DELETE' })).status).toBe(405);
    expect((await get('/legacy/')).status).toBe(405);
  });

  test('say the same in HTML, and hold by their ETag', async () => {
    const page = await get('/simple/torch/', { accept: 'text/html' });
    const html = await page.text();
    expect(html).toContain('data-requires-python="&gt;=3.9"');
    expect(html).toMatch(
      /href="http:[^"]+\/packages\/[\da-f]{2}\/[\da-f]{2}\/[\da-f]{60}\/torch-2.8.0-py3-none-any.whl#sha256=[\da-f]{64}"/u,
    );
    expect(html).toMatch(/data-core-metadata="sha256=[\da-f]{64}"/u);
    const again = await get('/simple/torch/', { accept: 'text/html', 'if-none-match': page.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    expect(await (await get('/simple/', { accept: JSON_TYPE })).json()).toMatchObject({
      projects: [{ name: 'torch' }],
    });
  });

  test('do not show a file at once when told so', async () => {
    index.hideNext(2);
    const wheel = makeWheel({ ...TORCH, version: '2.8.1' });
    expect(await upload(wheel)).toMatchObject({ status: 200 });
    expect([await shown(), await shown(), await shown()]).toEqual([1, 1, 2]);
  });
});

describe('a yank', () => {
  const page = '/manage/project/torch/release/2.8.0/';
  const signedIn = { authorization: `Basic ${Buffer.from('owner:owner').toString('base64')}` };
  const post = (body: Record<string, string>, headers: Record<string, string> = signedIn) =>
    fetch(`${index.url}${page}`, { method: 'POST', body: new URLSearchParams(body), headers, redirect: 'manual' });

  beforeEach(async () => {
    await upload(makeWheel(TORCH));
  });

  test('is done by a person on a page, told everywhere, and taken back there', async () => {
    expect(await (await get(page, signedIn)).text()).toContain('value="yank"');
    expect((await post({ action: 'yank', yanked_reason: 'broken', confirm_version: '2.8.0' })).status).toBe(303);
    expect(await simple()).toMatchObject({ files: [{ yanked: 'broken' }] });
    expect(await (await get('/simple/torch/')).text()).toContain('data-yanked="broken"');
    expect(await (await get('/pypi/torch/2.8.0/json')).json()).toMatchObject({
      urls: [{ yanked: true, yanked_reason: 'broken' }],
    });
    await post({ action: 'unyank', confirm_version: '2.8.0' });
    expect(await simple()).toMatchObject({ files: [{ yanked: false }] });
  });

  test('asks who it is, and for the version to be typed', async () => {
    const wrong = { authorization: `Basic ${Buffer.from('owner:wrong').toString('base64')}` };
    expect((await get(page)).status).toBe(401);
    expect((await post({ action: 'yank', confirm_version: '2.8.0' }, wrong)).status).toBe(401);
    expect((await post({ action: 'yank', confirm_version: '2.8' })).status).toBe(400);
    expect((await get('/manage/project/torch/release/9/', signedIn)).status).toBe(404);
    expect(await simple()).toMatchObject({ files: [{ yanked: false }] });
    expect(() => index.owners.yank('torch', '9', '')).toThrow(/there is no torch 9/u);
  });
});

const mint = async (token: unknown) => {
  const answer = await fetch(`${index.url}/_/oidc/mint-token`, { method: 'POST', body: JSON.stringify({ token }) });
  return { status: answer.status, body: await answer.json() };
};

describe('trusted publishing', () => {
  const claims = { repository: 'acme/core', workflow: 'release.yml', environment: 'pypi' };
  const Value = z.object({ value: z.string() });
  const Token = z.object({ token: z.string() });
  let moment = '2025-08-06T15:00:00.000Z';

  beforeEach(async () => {
    moment = '2025-08-06T15:00:00.000Z';
    index = await start({ publishers: [{ ...claims, projects: ['Torch'] }], now: () => moment });
  });

  async function identity(job = index.beginJob(claims)): Promise<string> {
    const audience = await (await get('/_/oidc/audience')).json();
    const url = `${job.url}&audience=${z.object({ audience: z.string() }).parse(audience).audience}`;
    return Value.parse(await (await fetch(url, { headers: { authorization: `bearer ${job.token}` } })).json()).value;
  }

  test('gives a job a token for its projects, for a quarter of an hour', async () => {
    const { token } = Token.parse((await mint(await identity())).body);
    const statement = {
      subject: [{ name: makeWheel(TORCH).fileName, digest: { sha256: sha256(makeWheel(TORCH).bytes) } }],
    };
    const attestation = {
      version: 1,
      verification_material: {},
      envelope: { statement: Buffer.from(JSON.stringify(statement)).toString('base64'), signature: 'x' },
    };
    const fields = { attestations: JSON.stringify([attestation]) };
    expect(told(await upload(makeWheel({ ...TORCH, version: '2.8.1' }), { token, fields }))).toContain(
      'Invalid attestations',
    );
    expect(await upload(makeWheel(TORCH), { token, fields })).toMatchObject({ status: 200 });
    const [file] = FilesOf.parse(await simple()).files;
    expect(await (await fetch(String(file?.['provenance']))).json()).toMatchObject({
      version: 1,
      attestation_bundles: [{ publisher: { kind: 'GitHub', ...claims }, attestations: [attestation] }],
    });
    moment = '2025-08-06T15:16:00.000Z';
    expect(await upload(makeWheel({ ...TORCH, version: '2.8.2' }), { token })).toMatchObject({ status: 403 });
  });

  test('gives nothing to others, nor twice, nor later', async () => {
    const word = await identity();
    await mint(word);
    const codeOf = async (token: unknown) => {
      const { status, body } = await mint(token);
      const { errors } = z.object({ errors: z.array(z.object({ code: z.string() })) }).parse(body);
      return [status, errors[0]?.code];
    };
    expect(await codeOf(word)).toEqual([422, 'invalid-reuse-token']);
    expect(await codeOf(`${word}x`)).toEqual([422, 'invalid-token']);
    expect(await codeOf(7)).toEqual([422, 'invalid-payload']);
    expect(await codeOf(await identity(index.beginJob({ ...claims, workflow: 'evil.yml' })))).toEqual([
      422,
      'invalid-publisher',
    ]);
    const old = await identity();
    moment = '2025-08-06T15:06:00.000Z';
    expect(await codeOf(old)).toEqual([422, 'invalid-token']);
    expect((await get('/_ci/identity?audience=x', { authorization: 'bearer nobody' })).status).toBe(401);
  });
});

const outcome = async (): Promise<number | 'broken'> =>
  upload(makeWheel(TORCH)).then(
    ({ status }) => status,
    () => 'broken',
  );

describe('faults', () => {
  const anything = { path: '/legacy/' };

  test.each([
    ['refused', 'broken', 0],
    ['reset-mid-body', 'broken', 0],
    ['lost', 'broken', 1],
    ['twice', 200, 1],
    [{ status: 503, headers: { 'retry-after': '2' } }, 503, 0],
    [{ statusAfter: 500 }, 500, 1],
  ] as const)('%j is met once, and leaves what it says', async (fault, expected, stored) => {
    index.faults.next(anything, fault);
    expect(await outcome()).toBe(expected);
    expect([index.files().length, index.faults.pending()]).toEqual([stored, 0]);
    expect(await outcome()).toBe(200);
  });

  test.each(['truncated', 'reset-mid-body'] as const)('a page that is %s cannot be read', async (fault) => {
    await upload(makeWheel(TORCH));
    index.faults.next({ path: '/simple/torch/' }, fault);
    await expect(simple()).rejects.toThrow(/terminated|fetch failed|JSON|aborted/u);
  });

  test('a slow page can be read', async () => {
    await upload(makeWheel(TORCH));
    index.faults.next({ path: '/simple/torch/' }, 'slow');
    expect(await simple()).toMatchObject({ name: 'torch' });
  });

  test('a page that never comes is given up by whoever asked', async () => {
    index.faults.next({ path: '/simple/' }, 'stalled');
    const giveUp = new AbortController();
    const asking = fetch(index.simpleUrl, { signal: giveUp.signal });
    giveUp.abort();
    await expect(asking).rejects.toThrow(/aborted/u);
  });
});

test('what is kept in a folder is there when the index is started again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-index-'));
  try {
    index = await start({ dir });
    const wheel = makeWheel(TORCH);
    await upload(wheel);
    await index.stop();
    index = await start({ dir });
    const [file] = FilesOf.parse(await simple()).files;
    const served = await fetch(file?.url ?? '');
    expect(sha256(new Uint8Array(await served.arrayBuffer()))).toBe(sha256(wheel.bytes));
    expect(await upload(makeWheel({ ...TORCH, description: 'other' }))).toMatchObject({ status: 400 });
  } finally {
    await rm(dir, { recursive: true });
  }
});
