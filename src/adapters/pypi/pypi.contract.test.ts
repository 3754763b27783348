import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackageIndexError } from '../../ports/package-index.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { scriptedServer, text, type Scene, type ScriptedServer } from '../../testing/scripted-server.ts';
import { site, type SitePage } from '../../testing/site.ts';
import { memoryAnswerCache } from '../http/answer-cache.ts';
import { systemDocumentTools, type DocumentTools } from '../http/document.ts';
import { pypiIndex } from './index.ts';

const WHEEL = 'torch-2.7.0-cp313-cp313-manylinux_2_28_x86_64.whl';
const BYTES = 'not really a wheel';
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const HEX = sha256Of(BYTES).slice('sha256:'.length);

/** In the shape of PEP 691 and 700. */
const simple = (change: object = {}): SitePage => ({
  type: JSON_TYPE,
  etag: '"page-1"',
  body: JSON.stringify({
    meta: { 'api-version': '1.1', '_last-serial': 12 },
    name: 'torch',
    versions: ['2.6.0', '2.7.0'],
    files: [
      {
        filename: WHEEL,
        url: `../../files/${WHEEL}`,
        hashes: { sha256: HEX },
        size: BYTES.length,
        'requires-python': '>=3.9.0',
        'upload-time': '2025-04-23T14:19:38.123456Z',
        yanked: false,
        'core-metadata': { sha256: 'a'.repeat(64) },
      },
      {
        filename: 'torch-2.6.0.tar.gz',
        url: 'https://files.example/t/torch-2.6.0.tar.gz',
        hashes: {},
        yanked: 'broken on Windows',
      },
    ],
    ...change,
  }),
});

/** In the shape of the JSON API for one version. */
const recorded = (change: object = {}): SitePage => ({
  type: 'application/json',
  body: JSON.stringify({
    info: {
      name: 'Torch',
      version: '2.7.0',
      classifiers: ['Programming Language :: Python :: 3.13'],
      requires_dist: ['filelock', 'triton==3.3.0; platform_system == "Linux"'],
      yanked: false,
    },
    last_serial: 12,
    urls: [
      {
        filename: WHEEL,
        url: `https://files.example/t/${WHEEL}`,
        digests: { md5: 'b'.repeat(32), sha256: HEX, blake2b_256: 'c'.repeat(64) },
        packagetype: 'bdist_wheel',
        size: BYTES.length,
        requires_python: '>=3.9.0',
        yanked: true,
        yanked_reason: null,
        upload_time_iso_8601: '2025-04-23T14:19:38.123456Z',
      },
    ],
    ...change,
  }),
});

let server: ScriptedServer;
let waits: number[] = [];
const tools: DocumentTools = {
  ...systemDocumentTools,
  http: {
    ...systemDocumentTools.http,
    timers: { ...systemDocumentTools.http.timers, random: () => 0, sleep: async (millis) => void waits.push(millis) },
  },
};
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

const index = (change: Partial<DocumentTools> = {}) =>
  pypiIndex({ address: server.url, tools: { ...tools, ...change } });
const play = (pages: Readonly<Record<string, SitePage>>): void => server.play([site(pages)], true);

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return error instanceof PackageIndexError ? error.code : `not an error: ${JSON.stringify(error)}`;
}

const busy: Scene = (response) => void response.writeHead(503, { 'retry-after': '2' }).end();
const to =
  (location: string): Scene =>
  (response) =>
    void response.writeHead(301, { location }).end();

/** A list that says this of the provenance of a wheel, and what is at the address. */
const vouching = (provenance: unknown, integrity?: object): Readonly<Record<string, SitePage>> => ({
  '/simple/torch/': {
    type: JSON_TYPE,
    body: JSON.stringify({
      meta: { 'api-version': '1.3' },
      name: 'torch',
      files: [{ filename: WHEEL, url: WHEEL, hashes: {}, provenance }],
    }),
  },
  ...(integrity === undefined
    ? {}
    : { '/integrity/torch': { type: 'application/vnd.pypi.integrity.v1+json', body: JSON.stringify(integrity) } }),
});

const bundles = (...publishers: readonly object[]) => ({
  version: 1,
  attestation_bundles: publishers.map((publisher) => ({ publisher, attestations: [{}] })),
});

const told = async () => (await index().provenance('Torch', [WHEEL])).get(WHEEL);

describe('who published a file (PEP 740)', () => {
  it('is told by the provenance that the list points to, whatever the forge', async () => {
    const hub = { kind: 'GitHub', claims: null, repository: 'acme/core', workflow: 'release.yml', environment: '' };
    const lab = { kind: 'GitLab', repository: 'acme/core', workflow_filepath: '.ci/release.yml', environment: 'pypi' };
    play(vouching('/integrity/torch', bundles(hub, lab, { kind: 'Google', email: 'ana@acme.example' })));
    const nobody = { repository: null, workflow: null, environment: null };
    expect(await told()).toEqual({
      told: 'publishers',
      publishers: [
        { kind: 'GitHub', repository: 'acme/core', workflow: 'release.yml', environment: null },
        { kind: 'GitLab', repository: 'acme/core', workflow: '.ci/release.yml', environment: 'pypi' },
        { kind: 'Google', ...nobody },
      ],
    });
  });

  it('is none where the list says so, and nothing where it does not speak of it or is no JSON', async () => {
    play(vouching(null));
    expect(await told()).toEqual({ told: 'none' });
    play(vouching(undefined));
    expect(await told()).toEqual({ told: 'nothing' });
    play({ '/simple/torch/': { type: 'text/html', body: `<!DOCTYPE html><a href="${WHEEL}">${WHEEL}</a>` } });
    expect(await told()).toEqual({ told: 'nothing' });
    play({});
    expect(await told()).toBeUndefined();
  });

  it.each([
    ['is not there', '/integrity/torch', undefined],
    ['lies elsewhere', 'https://evil.example/integrity/torch', undefined],
    ['names nobody', '/integrity/torch', { version: 1, attestation_bundles: [] }],
    ['is of another version', '/integrity/torch', { ...bundles({ kind: 'GitHub' }), version: 2 }],
    ['has no kind', '/integrity/torch', bundles({ repository: 'acme/core' })],
  ])('is unknown, not none, where the provenance %s', async (_what, address, integrity) => {
    play(vouching(address, integrity));
    expect(await codeOf(told())).toBe('unexpected-answer');
  });
});

describe('a package index', () => {
  it('tells the files of a project, with everything that it says of them', async () => {
    play({ '/simple/torch/': simple() });
    expect(await index().project('Torch')).toEqual({
      name: 'torch',
      versions: ['2.6.0', '2.7.0'],
      files: [
        {
          name: 'torch-2.6.0.tar.gz',
          url: 'https://files.example/t/torch-2.6.0.tar.gz',
          digest: null,
          size: null,
          requiresPython: null,
          metadata: null,
          yanked: 'broken on Windows',
          uploadedAt: null,
        },
        {
          name: WHEEL,
          url: `${server.url}/files/${WHEEL}`,
          digest: sha256Of(BYTES),
          size: BYTES.length,
          requiresPython: '>=3.9.0',
          metadata: `sha256:${'a'.repeat(64)}`,
          yanked: null,
          uploadedAt: '2025-04-23T14:19:38.123Z',
        },
      ],
      strange: [],
    });
  });

  it('WHL-06 tells the same from HTML, absolute and relative addresses resolved', async () => {
    const body = `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head><body>
      <a href="/files/${WHEEL}#sha256=${HEX}" data-requires-python="&gt;=3.9" data-core-metadata="true">${WHEEL}</a>
      <a href="https://files.example/torch-2.6.0.tar.gz" data-yanked="">torch-2.6.0.tar.gz</a></body></html>`;
    play({ '/simple/torch/': { body, type: 'text/html; charset=utf-8' } });
    const project = await index().project('torch');
    expect(project?.versions).toBeNull();
    expect(project?.files).toMatchObject([
      { url: 'https://files.example/torch-2.6.0.tar.gz', yanked: '', digest: null },
      { url: `${server.url}/files/${WHEEL}`, digest: sha256Of(BYTES), requiresPython: '>=3.9', metadata: 'unhashed' },
    ]);
  });

  it('tells what it has recorded of one version', async () => {
    play({ '/pypi/torch/2.7.0/json': recorded() });
    expect(await index().release('torch', '2.7.0')).toEqual({
      version: '2.7.0',
      classifiers: ['Programming Language :: Python :: 3.13'],
      requiresDist: ['filelock', 'triton==3.3.0; platform_system == "Linux"'],
      files: [
        {
          name: WHEEL,
          url: `https://files.example/t/${WHEEL}`,
          digest: sha256Of(BYTES),
          size: BYTES.length,
          requiresPython: '>=3.9.0',
          metadata: null,
          yanked: '',
          uploadedAt: '2025-04-23T14:19:38.123Z',
        },
      ],
    });
  });

  it('may be given by the address of its simple pages, and has a version in the path as it is', async () => {
    play({ '/root/pypi/torch/2.7.0%2Bcu126/json': recorded() });
    const at = pypiIndex({ address: `${server.url}/root/simple/`, tools });
    expect(await at.release('torch', '2.7.0+cu126')).toMatchObject({ version: '2.7.0' });
  });

  it('says null of what it does not have', async () => {
    play({});
    expect([await index().project('torch'), await index().release('torch', '2.7.0')]).toEqual([null, null]);
  });

  it('reads the bytes of a file that it lists, by ranges', async () => {
    play({ '/simple/torch/': simple(), [`/files/${WHEEL}`]: { body: BYTES, type: 'application/zip', etag: '"f"' } });
    const file = (await index().project('torch'))?.files.find(({ name }) => name === WHEEL);
    const tail = await index()
      .source(file ?? { url: '' })
      .tail(5);
    expect([tail.size, Buffer.from(tail.bytes).toString()]).toEqual([BYTES.length, 'wheel']);
  });

  it('is asked again with the ETag of the last time, and its old answer used while it holds', async () => {
    play({ '/simple/torch/': simple() });
    const kept = index({ cache: memoryAnswerCache() });
    const first = await kept.project('torch');
    expect(await kept.project('torch')).toEqual(first);
    expect(server.seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"page-1"']);
    play({ '/simple/torch/': { ...simple({ files: [] }), etag: '"page-2"' } });
    expect((await kept.project('torch'))?.files).toEqual([]);
  });

  it('is asked again when it was too busy or broke off, as long after as it says', async () => {
    waits = [];
    server.play([busy, (response) => response.destroy(), site({ '/simple/torch/': simple() })]);
    expect((await index().project('torch'))?.files.length).toBe(2);
    expect(waits).toEqual([2000, 1000]);
  });

  it('is followed to another address of the same host only', async () => {
    server.play([to('/moved/torch/'), site({ '/moved/torch/': simple() })]);
    const found = await index().project('torch');
    expect(found?.files.map(({ url }) => url)).toContain(`${server.url}/files/${WHEEL}`);
    server.play([to('http://elsewhere.example/simple/torch/')]);
    expect(await codeOf(index().project('torch'))).toBe('unexpected-answer');
  });

  it.each([
    ['is no index', simple({ files: 'none' }), 'unexpected-answer'],
    ['is of another project', simple({ name: 'torchvision' }), 'unexpected-answer'],
    ['is of a version that is not known', simple({ meta: { 'api-version': '2.0' } }), 'unexpected-answer'],
    ['is cut off', { ...simple(), body: simple().body.slice(0, 100) }, 'unexpected-answer'],
    ['is of a type that is not known', { ...simple(), type: 'text/plain' }, 'unexpected-answer'],
  ] satisfies readonly (readonly [string, SitePage, string])[])(
    'is a failure, not an empty project, when its page %s',
    async (_name, page, code) => {
      play({ '/simple/torch/': page });
      expect(await codeOf(index().project('torch'))).toBe(code);
    },
  );

  it.each([
    ['no JSON', { ...recorded(), body: '<html>' }],
    ['another project', recorded({ info: { name: 'vision', version: '1' } })],
    [
      'the same file twice',
      recorded({ urls: [1, 2].map(() => ({ filename: WHEEL, url: `https://files.example/${WHEEL}`, digests: {} })) }),
    ],
    [
      'a file whose name climbs',
      recorded({ urls: [{ filename: '../x', url: 'https://files.example/x', digests: {} }] }),
    ],
    ['a file at no address', recorded({ urls: [{ filename: WHEEL, url: 'javascript:alert(1)', digests: {} }] })],
    [
      'a size below nothing',
      recorded({ urls: [{ filename: WHEEL, url: `https://files.example/${WHEEL}`, digests: {}, size: -1 }] }),
    ],
  ] satisfies readonly (readonly [string, SitePage])[])(
    'is a failure when its record is of %s',
    async (_name, page) => {
      play({ '/pypi/torch/2.7.0/json': page });
      expect(await codeOf(index().release('torch', '2.7.0'))).toBe('unexpected-answer');
    },
  );

  it.each([
    [403, 'not-allowed'],
    [429, 'busy'],
    [500, 'unreachable'],
    [418, 'unexpected-answer'],
  ])('answers %i: %s', async (status, code) => {
    server.play([text(status, 'no', 'text/plain')], true);
    expect(await codeOf(index().project('torch'))).toBe(code);
  });

  it('tells of files that none can be, beside those that are', async () => {
    const files = [
      { filename: '../../etc/passwd', url: 'x', hashes: {} },
      { filename: WHEEL, url: WHEEL, hashes: { sha256: 'short' } },
    ];
    play({ '/simple/torch/': simple({ files }) });
    const project = await index().project('torch');
    expect(project?.files).toMatchObject([{ name: WHEEL, digest: null }]);
    expect(project?.strange.length).toBe(2);
  });

  it.each(['', '..', 'a/b', '-', 'torch?x', 'ünï', 'x'.repeat(300)])('has no project %j', async (name) => {
    server.play([]);
    expect(await codeOf(index().project(name))).toBe('invalid');
    expect(server.seen).toEqual([]);
  });

  it.each(['', '../2.7', '2.7/../..', '2.7 0', '-1'])('has no version %j', async (version) => {
    server.play([]);
    expect(await codeOf(index().release('torch', version))).toBe('invalid');
    expect(server.seen).toEqual([]);
  });
});
