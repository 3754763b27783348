import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreKey } from '../../domain/store-key.ts';
import type { PackageFiles, PackageVersion } from '../../ports/package-files.ts';
import { PackageIndexError } from '../../ports/package-index.ts';
import { startPackageIndex, type PackageIndex, type PackageIndexOptions } from '../../sandbox/packages.ts';
import { hastyTools, indexAdapter, type HastyTools } from '../../testing/index-adapter.ts';
import { memoryStores, sha256Of, type MemoryStore } from '../../testing/memory-store.ts';
import { INDEX, packageFilesContract, stage, type StagedWheel } from '../../testing/package-files-contract.ts';
import { scriptedServer, type ScriptedServer } from '../../testing/scripted-server.ts';
import { pypiIndex } from './index.ts';
import { pypiFiles } from './package-files.ts';

const NOW = '2025-08-06T15:00:00.123456Z';
const TORCH: PackageVersion = { project: 'torch', version: '2.8.0' };
const JOB = { repository: 'acme/core', workflow: 'release.yml', environment: 'pypi' };

packageFilesContract('over the legacy API', async (store) => {
  const index = await startPackageIndex({ dir: null, now: () => NOW });
  return {
    packages: indexAdapter(index, store, hastyTools()),
    stored: () => index.files().map(({ name, sha256 }) => ({ name, digest: `sha256:${sha256}` })),
    yankByHand: ({ project, version }, reason) =>
      reason === null ? index.owners.unyank(project, version) : index.owners.yank(project, version, reason),
    deleteByHand: (name) => index.owners.deleteFile(name),
    close: () => index.stop(),
  };
});

let index: PackageIndex;
let store: MemoryStore;
let hasty: HastyTools;
let packages: PackageFiles;
let moment = Date.parse(NOW);

async function begin(options: Partial<PackageIndexOptions> = {}): Promise<void> {
  await index?.stop();
  index = await startPackageIndex({
    dir: null,
    now: () => new Date(moment).toISOString(),
    log: (line) => {
      if (line.endsWith(' 0')) hasty.timeOver();
    },
    ...options,
  });
  packages = indexAdapter(index, store, hasty);
}

beforeEach(async () => {
  moment = Date.parse(NOW);
  store = memoryStores().store('staging');
  hasty = hastyTools();
  await begin();
});
afterEach(() => index.stop());

const torch = (change: object = {}): StagedWheel => stage(store, { name: 'torch', version: '2.8.0', ...change });
const uploads = (): number => index.requests.counts()['POST /legacy/'] ?? 0;

async function reasonOf(wheel: StagedWheel, of = TORCH): Promise<string> {
  const answer = await packages.upload(INDEX, of, wheel);
  return answer.accepted ? 'accepted' : answer.reason;
}

async function failureOf(work: Promise<unknown>): Promise<PackageIndexError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof PackageIndexError) return error;
  throw new Error(`not a failure of the index: ${String(error)}`);
}

describe('what is uploaded', () => {
  it('carries all that METADATA says', async () => {
    const wheel = torch({
      tags: 'cp312-cp312-manylinux_2_28_x86_64.manylinux2014_x86_64',
      metadataVersion: '2.4',
      requiresDist: ['filelock', 'sympy >= 1.13 ; python_version > "3.9"'],
      classifiers: ['Programming Language :: Python :: 3', 'Typing :: Typed'],
      headers: [
        'License-Expression: BSD-3-Clause',
        'License-File: LICENSE',
        'Project-URL: Home, http://x.example',
        'Keywords: a,b',
      ],
      description: 'Ünï\n\n--boundary\n',
    });
    expect(await packages.upload(INDEX, TORCH, wheel)).toEqual({ accepted: true });
    const record = await (await fetch(`${index.url}/pypi/torch/2.8.0/json`)).json();
    expect(record).toMatchObject({
      info: {
        summary: 'made by a test',
        requires_dist: ['filelock', 'sympy >= 1.13 ; python_version > "3.9"'],
        requires_python: '>=3.9',
        classifiers: ['Programming Language :: Python :: 3', 'Typing :: Typed'],
      },
      urls: [{ python_version: 'cp312', packagetype: 'bdist_wheel' }],
    });
  });

  it.each([
    [
      'of another project',
      { project: 'vision', version: '2.8.0' },
      {},
      /says in METADATA that it is of torch; it is to be published as vision/u,
    ],
    [
      'of another version',
      { project: 'torch', version: '2.8.1' },
      {},
      /is version 2.8.0; it is to be published as 2.8.1/u,
    ],
    ['without METADATA', TORCH, { broken: { without: ['torch-2.8.0.dist-info/METADATA'] } }, /has no METADATA/u],
    ['whose METADATA is no text', TORCH, { broken: { metadata: Uint8Array.from([0xff, 0xfe]) } }, /is not UTF-8/u],
    ['whose METADATA is a book', TORCH, { description: 'x'.repeat(5_000_000) }, /METADATA has more than/u],
    ['under a name of no wheel', TORCH, { broken: { fileName: 'torch.zip' } }, /does not end in .whl/u],
  ])('is no wheel %s: refused without a request', async (_what, of, change, reason) => {
    expect(await reasonOf(torch(change), of)).toMatch(reason);
    expect(index.requests.all()).toEqual([]);
  });

  it('is read in pieces: no part of a large wheel is held', async () => {
    const wheel = torch({ files: { 'torch/lib.so': Buffer.alloc(6 * 1024 * 1024, 'x') }, deflated: false });
    const held = store.source(wheel.from.key);
    let largest = 0;
    const source = {
      ...held,
      async *stream(offset: number, length: number) {
        for (let at = 0; at < length; at += 65_536) {
          const piece = await held.read(offset + at, Math.min(65_536, length - at));
          largest = Math.max(largest, piece.length);
          yield piece;
        }
      },
      read: async (offset: number, length: number) => {
        largest = Math.max(largest, length);
        return held.read(offset, length);
      },
    };
    const adapter = pypiFiles({
      placeOf: async () => ({
        address: index.simpleUrl,
        upload: index.uploadUrl,
        credentials: { by: 'token', token: index.tokens['owner'] ?? '' },
        howToGive: { upload: '', credentials: '' },
      }),
      sourceOf: async ({ key }) => (key === wheel.from.key ? source : store.source(key)),
      tools: hasty.tools,
    });
    expect(await adapter.upload(INDEX, TORCH, wheel)).toEqual({ accepted: true });
    expect(largest).toBeLessThan(1024 * 1024);
    expect(index.files()).toMatchObject([{ sha256: wheel.digest.slice('sha256:'.length) }]);
  });
});

describe('the reason of a refusal', () => {
  it('is what the index says, in its own words', async () => {
    expect(await reasonOf(torch({ classifiers: ['Private :: No'] }))).toMatch(
      /^the index answers 400: 'Private :: No' is not a valid classifier/u,
    );
  });

  it('is read off the page where nothing stands beside the status, shortened, and without what was sent to say who it is', async () => {
    const server = await scriptedServer();
    const token = 'pypi-very-secret';
    const sent = Buffer.from(`__token__:${token}`).toString('base64');
    server.play(
      [
        (response) => {
          response.writeHead(403, 'Forbidden', { 'content-type': 'text/html' });
          response.end(
            `<html><head><title>no</title></head><body><p>${token} or ${sent} &lt;is&gt; wrong ${'long '.repeat(200)}</p></body></html>`,
          );
        },
      ],
      true,
    );
    const adapter = pypiFiles({
      placeOf: async () => ({
        address: server.url,
        upload: `${server.url}/legacy/`,
        credentials: { by: 'token', token },
        howToGive: { upload: '', credentials: '' },
      }),
      sourceOf: async ({ key }) => store.source(key),
      tools: hasty.tools,
    });
    const answer = await adapter.upload(INDEX, TORCH, torch());
    await server.close();
    const reason = 'reason' in answer ? answer.reason : '';
    expect(reason).toMatch(/^the index answers 403: \*\*\* or \*\*\* <is> wrong long long/u);
    expect(reason.length).toBeLessThan(500);
  });

  it.each([
    [{ upload: null }, 'it is not said where files are uploaded to. Give the address.'],
    [
      { upload: 'http://index.example/legacy/' },
      'http://index.example/legacy/ is no address that a token may be sent to',
    ],
    [{ credentials: null }, 'there is no token to upload with. Set the token.'],
  ])('is that something is missing here, told before anything is asked: %j', async (change, reason) => {
    const adapter = pypiFiles({
      placeOf: async () => ({
        address: index.simpleUrl,
        upload: index.uploadUrl,
        credentials: { by: 'token', token: 'x' },
        howToGive: { upload: 'Give the address.', credentials: 'Set the token.' },
        ...change,
      }),
      sourceOf: async ({ key }) => store.source(key),
      tools: hasty.tools,
    });
    expect(await adapter.missing(INDEX)).toContain(reason);
    const answer = await adapter.upload(INDEX, TORCH, torch());
    expect('reason' in answer ? answer.reason : '').toContain(reason);
    expect(index.requests.all()).toEqual([]);
  });

  it('is that the address leads elsewhere, where the token is not taken', async () => {
    index.faults.next({ path: '/legacy/' }, { status: 301, headers: { location: 'http://elsewhere.example/' } });
    expect(await reasonOf(torch())).toContain('leads elsewhere, and a token is for one place only');
    expect(uploads()).toBe(1);
  });

  it('is what yanking asks of a person', async () => {
    await packages.upload(INDEX, TORCH, torch());
    expect(await packages.yank(INDEX, TORCH, 'it is broken')).toEqual({
      accepted: false,
      reason: `the index lets only a person yank: open ${index.url}/manage/project/torch/release/2.8.0/ as an owner of torch, choose Options, Yank, give the reason “it is broken”, and type 2.8.0 to confirm. Apply again afterwards`,
    });
  });
});

describe('an answer that does not come', () => {
  it.each(['lost', 'stalled', 'truncated', { statusAfter: 500 }, { statusAfter: 503 }] as const)(
    'is looked up, and the file is not sent again (%j)',
    async (fault) => {
      index.faults.next({ path: '/legacy/' }, fault);
      expect(await packages.upload(INDEX, TORCH, torch())).toEqual({ accepted: true });
      expect([uploads(), index.files().length, index.faults.pending()]).toEqual([1, 1, 0]);
    },
  );

  it.each(['refused', 'reset-mid-body', { status: 500 }, { status: 503, headers: { 'retry-after': '2' } }] as const)(
    'to an upload that did not arrive is a failure, and the file is not sent again by itself (%j)',
    async (fault) => {
      index.faults.next({ path: '/legacy/' }, fault);
      const error = await failureOf(packages.upload(INDEX, TORCH, torch()));
      expect(error.message).toMatch(
        /it is not known what came of .*The index does not list torch-2.8.0-py3-none-any.whl/u,
      );
      expect([uploads(), index.files().length]).toEqual([1, 0]);
      expect(await packages.upload(INDEX, TORCH, torch())).toEqual({ accepted: true });
    },
  );

  it('is waited for in the list, which may be behind', async () => {
    index.faults.next({ path: '/legacy/' }, 'lost');
    index.hideNext(4);
    expect(await packages.upload(INDEX, TORCH, torch())).toEqual({ accepted: true });
    expect(hasty.waits).toEqual([1000, 2000]);
    expect(uploads()).toBe(1);
  });

  it('says that another file has the name, when that is what is found', async () => {
    const wheel = torch();
    await packages.upload(INDEX, TORCH, wheel);
    index.faults.next({ path: '/legacy/' }, 'lost');
    expect(await reasonOf(torch({ description: 'other' }))).toBe(
      `the index has another file under the name ${wheel.name}`,
    );
  });

  it('of too many requests is waited out as long as it says, and the file sent again after a look', async () => {
    index.faults.next({ path: '/legacy/' }, { status: 429, headers: { 'retry-after': '7' } });
    expect(await packages.upload(INDEX, TORCH, torch())).toEqual({ accepted: true });
    expect(hasty.waits).toEqual([7000]);
    expect(Object.keys(index.requests.counts()).slice(0, 3)).toEqual([
      'POST /legacy/',
      'GET /simple/torch/',
      'GET /pypi/torch/2.8.0/json',
    ]);
    expect(uploads()).toBe(2);
  });

  it('of too many requests is given up when it goes on, or asks for too much patience', async () => {
    for (let count = 0; count < 3; count += 1) index.faults.next({ path: '/legacy/' }, { status: 429 });
    expect((await failureOf(packages.upload(INDEX, TORCH, torch()))).code).toBe('busy');
    expect(uploads()).toBe(3);
    index.faults.next({ path: '/legacy/' }, { status: 429, headers: { 'retry-after': '3600' } });
    expect((await failureOf(packages.upload(INDEX, TORCH, torch()))).code).toBe('busy');
    expect(uploads()).toBe(4);
  });
});

describe('a look', () => {
  it('waits for what was accepted just now, and only once', async () => {
    // The first look at both pages does not show it.
    index.hideNext(2);
    await packages.upload(INDEX, TORCH, torch());
    expect((await packages.look(INDEX, TORCH)).map(({ name }) => name)).toEqual(['torch-2.8.0-py3-none-any.whl']);
    expect(hasty.waits).toEqual([1000]);
    expect(await packages.look(INDEX, TORCH)).toHaveLength(1);
    expect(hasty.waits).toEqual([1000]);
  });

  it('tells what there is when it never comes', async () => {
    index.hideNext(100);
    await packages.upload(INDEX, TORCH, torch());
    expect(await packages.look(INDEX, TORCH)).toEqual([]);
    expect(hasty.waits).toEqual([1000, 2000, 4000, 8000]);
    expect(await packages.look(INDEX, TORCH)).toEqual([]);
    expect(hasty.waits).toHaveLength(4);
  });

  it('asks past every cache', async () => {
    const server = await scriptedServer();
    server.play([(response) => void response.writeHead(404).end()], true);
    const adapter = pypiFiles({
      placeOf: async () => ({
        address: server.url,
        upload: null,
        credentials: null,
        howToGive: { upload: '', credentials: '' },
      }),
      sourceOf: async ({ key }) => store.source(key),
      tools: hasty.tools,
    });
    expect(await adapter.look(INDEX, TORCH)).toEqual([]);
    await server.close();
    expect(server.seen.map(({ headers }) => headers['cache-control'])).toEqual(['no-cache', 'no-cache']);
  });

  it('is not sent again what has not changed, and sees at once what has', async () => {
    await packages.upload(INDEX, TORCH, torch());
    await packages.look(INDEX, TORCH);
    index.requests.clear();
    expect(await packages.look(INDEX, TORCH)).toHaveLength(1);
    expect(index.requests.all().map(({ status }) => status)).toEqual([304, 304]);
    index.owners.yank('torch', '2.8.0', 'broken');
    expect(await packages.look(INDEX, TORCH)).toMatchObject([{ yanked: 'broken' }]);
  });

  it('is a failure when the index does not say the same twice', async () => {
    const server: ScriptedServer = await scriptedServer();
    const name = 'torch-2.8.0-py3-none-any.whl';
    server.play(
      [
        (response, { path }) => {
          const isList = path.startsWith('/simple/');
          const url = `${server.url}/f/${name}`;
          response.writeHead(200, {
            'content-type': isList ? 'application/vnd.pypi.simple.v1+json' : 'application/json',
          });
          response.end(
            JSON.stringify(
              isList
                ? {
                    meta: { 'api-version': '1.1' },
                    name: 'torch',
                    versions: [],
                    files: [{ filename: name, url, hashes: { sha256: 'a'.repeat(64) } }],
                  }
                : {
                    info: { name: 'torch', version: '2.8.0' },
                    urls: [{ filename: name, url, digests: { sha256: 'b'.repeat(64) } }],
                  },
            ),
          );
        },
      ],
      true,
    );
    const adapter = pypiFiles({
      placeOf: async () => ({
        address: server.url,
        upload: null,
        credentials: null,
        howToGive: { upload: '', credentials: '' },
      }),
      sourceOf: async ({ key }) => store.source(key),
      tools: hasty.tools,
    });
    const error = await failureOf(adapter.look(INDEX, TORCH));
    await server.close();
    expect(error.code).toBe('unexpected-answer');
    expect(error.message).toContain('and has it recorded with');
  });
});

const byJob = (claims = JOB): PackageFiles => {
  const { url, token } = index.beginJob(claims);
  const tools = { ...hasty.tools, now: () => moment };
  return indexAdapter(index, store, { tools, credentials: { by: 'identity', url, token } });
};

const attestationOf = (wheel: StagedWheel): string => {
  const statement = { subject: [{ name: wheel.name, digest: { sha256: wheel.digest.slice('sha256:'.length) } }] };
  const encoded = Buffer.from(JSON.stringify(statement)).toString('base64');
  return JSON.stringify({ version: 1, verification_material: {}, envelope: { statement: encoded, signature: 'x' } });
};

const attest = (wheel: StagedWheel, text: string): void => {
  store.plant(StoreKey.parse(`${wheel.from.key}.publish.attestation`), text, sha256Of(text));
};

describe('who uploads', () => {
  beforeEach(async () => {
    await begin({ publishers: [{ ...JOB, projects: ['torch'] }] });
  });

  it('may be a job of CI that the index trusts: one token for many files, a new one when it is old', async () => {
    packages = byJob();
    for (const version of ['2.8.0', '2.8.1'])
      await packages.upload(INDEX, { project: 'torch', version }, torch({ version }));
    moment += 10 * 60_000;
    await packages.upload(INDEX, { project: 'torch', version: '2.8.2' }, torch({ version: '2.8.2' }));
    expect(index.files().map(({ uploadedBy }) => uploadedBy)).toEqual(['acme/core', 'acme/core', 'acme/core']);
    expect(index.requests.counts()).toMatchObject({
      'GET /_/oidc/audience': 2,
      'POST /_/oidc/mint-token': 2,
      'POST /legacy/': 3,
    });
  });

  it('may not be any job', async () => {
    packages = byJob({ ...JOB, workflow: 'other.yml' });
    const error = await failureOf(packages.upload(INDEX, TORCH, torch()));
    expect([error.code, error.message]).toEqual([
      'not-allowed',
      'no token for uploading: 127.0.0.1 answers 422 (invalid-publisher: valid token, but no corresponding publisher (all lookup strategies exhausted))'.replace(
        '127.0.0.1',
        new URL(index.url).host,
      ),
    ]);
    expect(uploads()).toBe(0);
  });

  it('is asked for again when that broke off', async () => {
    packages = byJob();
    for (const path of ['/_/oidc/audience', '/_ci/identity', '/_/oidc/mint-token'])
      index.faults.next({ path }, { status: 503 });
    expect(await packages.upload(INDEX, TORCH, torch())).toEqual({ accepted: true });
    expect(index.faults.pending()).toBe(0);
  });

  it('passes on the attestation that lies beside the wheel', async () => {
    packages = byJob();
    const wheel = torch();
    attest(wheel, attestationOf(wheel));
    expect(await packages.upload(INDEX, TORCH, wheel)).toEqual({ accepted: true });
    expect(index.files()[0]?.attestations).toEqual([JSON.parse(attestationOf(wheel))]);
  });

  it('is told afterwards of a file with an attestation, and of one without that there is none', async () => {
    const wheel = torch();
    attest(wheel, attestationOf(wheel));
    const bare = torch({ version: '2.8.1' });
    packages = byJob();
    expect(await packages.upload(INDEX, TORCH, wheel)).toEqual({ accepted: true });
    expect(await packages.upload(INDEX, { ...TORCH, version: '2.8.1' }, bare)).toEqual({ accepted: true });
    const told = await pypiIndex({ address: index.simpleUrl, tools: hasty.tools }).provenance('torch', [
      wheel.name,
      bare.name,
      'torch-9.whl',
    ]);
    const { repository, workflow, environment } = JOB;
    const publishers = [{ kind: 'GitHub', repository, workflow, environment }];
    expect([...told]).toEqual([
      [wheel.name, { told: 'publishers', publishers }],
      [bare.name, { told: 'none' }],
    ]);
  });

  it.each([
    ['no JSON', '{', /is no attestation: it is no JSON/u],
    ['something else', '[]', /is no attestation: it has no version/u],
    ['far too long', 'x'.repeat(300_000), /has more than 262144 bytes/u],
  ])('sends nothing when what lies beside the wheel is %s', async (_what, text, reason) => {
    packages = byJob();
    const wheel = torch();
    attest(wheel, text);
    expect(await reasonOf(wheel)).toMatch(reason);
    expect(uploads()).toBe(0);
  });

  it('is told when the index does not take attestations from it', async () => {
    const wheel = torch();
    attest(wheel, attestationOf(wheel));
    expect(await reasonOf(wheel)).toContain('Attestations are only supported when using Trusted Publishing');
  });
});
