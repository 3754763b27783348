import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitAdapter } from '../adapters/git/index.ts';
import type { Gate } from '../domain/gate.ts';
import type { Digest } from '../domain/canonical-json.ts';
import { StoreKey } from '../domain/store-key.ts';
import { Train } from '../domain/train/train.ts';
import type { IndexFile } from '../domain/index-page.ts';
import type { PackageIndex, PackageRelease } from '../ports/package-index.ts';
import { PackageIndexError } from '../ports/package-index.ts';
import { BUILT_RELEASE, builtCells, builtTrain } from '../testing/artifact-app.ts';
import { cliRun, type CliRan } from '../testing/cli-terminal.ts';
import { TRAIN_DIGEST } from '../testing/engine-world.ts';
import { addCommits, makeRepo, testGit } from '../testing/git-repos.ts';
import { makeWheel } from '../testing/make-wheel.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { sha256Of } from '../testing/memory-store.ts';
import type { App } from './app.ts';
import { composeStores } from './compose-stores.ts';
import { judge } from './judge.ts';

let dir: string;
let app: App;
let pinned: string;
/** What the index has of the compiler's version; an error where it does not answer. */
let published: readonly IndexFile[] | Error;
const go = (...argv: readonly string[]): Promise<CliRan> => cliRun(argv, { app, cwd: dir });
const remote = (name: string): string => join(dir, `${name}.git`);

const index: PackageIndex = {
  name: 'the index',
  project: () => Promise.reject(new Error('nobody was to ask for a project')),
  provenance: () => Promise.reject(new Error('nobody was to ask for a publisher')),
  source: () => {
    throw new Error('nobody was to read a file');
  },
  release: async (_name, version): Promise<PackageRelease | null> => {
    if (published instanceof Error) throw published;
    return version === '3.3.0' ? { version, files: published, classifiers: [], requiresDist: [] } : null;
  },
};

const OWN = 'compiler-3.3.0-cp312-cp312-manylinux_2_28_x86_64.whl';
const listed = (digest: Digest | null, change: Partial<IndexFile> = {}): IndexFile => ({
  name: OWN,
  url: `https://index.example/${OWN}`,
  digest,
  size: 1,
  requiresPython: null,
  metadata: null,
  yanked: null,
  uploadedAt: null,
  ...change,
});

function trainOf(asks: { readonly released?: Readonly<Record<string, unknown>> }): Train {
  const { limits: _limits, ...place } = builtTrain.channels['index']?.places[0] ?? {};
  return Train.parse({
    ...builtTrain,
    channels: { ...builtTrain.channels, index: { title: 'Index', write: 'once', places: [place] } },
    repos: {
      core: { role: 'core', source: 'main', remote: remote('core'), packages: ['small'], owners: ['otto'] },
      compiler: { role: 'external', source: 'main', remote: remote('compiler') },
    },
    artifacts: { ...builtTrain.artifacts, packages: { small: builtTrain.artifacts.packages['small'] } },
    dependencies: {
      compiler: {
        repo: 'compiler',
        pinFile: 'pins/compiler.txt',
        versionFile: 'compiler_version.txt',
        ...asks,
        rules: [
          { channels: ['nightly'], backend: 'cuda', requirement: 'compiler-dev=={version}+git{pin}' },
          {
            channels: ['test'],
            backend: 'cuda',
            requirement: 'compiler~={version}',
            from: 'index',
            platforms: ['linux-x86_64'],
          },
          {
            channels: ['test'],
            backend: 'cpu',
            requirement: 'compiler-cpu=={version}',
            versionFile: 'cpu_version.txt',
          },
        ],
      },
    },
  });
}

function open(train: Train): App {
  const stores = composeStores({
    dir,
    train,
    environment: { storeKeys: new Map(), storeAddresses: new Map() },
    answers: null,
  });
  const made = memoryApp({
    dir,
    loaded: { train, digest: TRAIN_DIGEST },
    stores: { ...stores, indexesOf: () => Promise.resolve({ ok: true, value: [index] }) },
  });
  return { ...made, git: gitAdapter({ mirrors: join(dir, 'mirrors') }) };
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signalbox-pinned-'));
  await makeRepo({ dir: remote('core'), commits: [{ files: { 'version.txt': '2.8.0\n' } }] });
  await makeRepo({ dir: remote('compiler'), commits: [{ files: { 'a.c': 'int a;\n' } }] });
  pinned = (await testGit(remote('compiler'), ['rev-parse', 'main'])).trim();
  published = [listed(sha256Of('the compiler'))];
  app = open(trainOf({ released: { tag: 'v{version}' } }));
  await go('release', 'create', '2.8.0', '--yes');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function pin(
  files: Readonly<Record<string, string>> = { 'pins/compiler.txt': `${pinned}\n`, 'compiler_version.txt': '3.3.0\n' },
): Promise<void> {
  await addCommits(remote('core'), [
    { branch: 'main', message: 'Pin the compiler', files: { 'cpu_version.txt': '3.3.1\n', ...files } },
  ]);
}
const cut = () => testGit(remote('core'), ['branch', '-f', 'release/2.8', 'main']);
const releaseCompiler = (commit = pinned) => testGit(remote('compiler'), ['tag', 'v3.3.0', commit]);

/** Tags the candidate and puts its files into the channel, as an upload that records digests does; `cuda`: what those for CUDA require. */
async function candidate(
  cuda: readonly string[] = ['compiler ~= 3.3.0 ; platform_system == "Linux"'],
  cpu: readonly string[] = ['compiler-cpu==3.3.1'],
): Promise<void> {
  await testGit(remote('core'), ['tag', '-f', 'v2.8.0-rc1', 'main']);
  for (const { cell, folder, file, version } of builtCells('core')) {
    const [, , ...tags] = file.replace('.whl', '').split('-');
    const requiresDist = cell.accelerator === 'cpu' ? cpu : cuda;
    const bytes =
      cell.kind === 'wheel'
        ? makeWheel({ name: 'small', version, tags: tags.join('-'), requiresDist }).bytes
        : Buffer.from('archive');
    await put(cell.kind, `${folder}/${file}`, bytes);
  }
  expect((await go('artifact', 'record', '2.8.0-rc1', '--read', '--yes')).code).toBe(0);
}

async function put(kind: string, key: string, bytes: Uint8Array): Promise<void> {
  const opened = await app.stores.of('test');
  if (!opened.ok) throw new Error(opened.problems[0].text);
  const served = { contentType: 'application/octet-stream', cacheControl: null };
  for (const { holds, writable } of opened.value) {
    if (holds !== kind || !writable.ok) continue;
    await writable.value.put(StoreKey.parse(key), { bytes }, { sha256: sha256Of(bytes), served, onlyIf: null });
  }
}
const ownCompiler = (text = 'the compiler') => put('wheel', `cu126/${OWN}`, Buffer.from(text));
const ownCpu = () => put('wheel', 'cpu/compiler_cpu-3.3.1-cp312-cp312-any.whl', Buffer.from('cpu'));

const gate = async (): Promise<Gate> => {
  const [found, second] = (await judge(app, BUILT_RELEASE, { families: ['triton-ready'] })).gates;
  if (found === undefined || second !== undefined) throw new Error('it is not one gate');
  return found;
};
/** Everything as it should be. */
async function ready(): Promise<void> {
  await pin();
  await cut();
  await releaseCompiler();
  await candidate();
  await ownCompiler();
  await ownCpu();
}

it('opens when the pin is the released commit, the wheels require it, and it can be had', async () => {
  await ready();
  const found = await gate();
  expect(found).toMatchObject({ id: 'triton-ready:compiler', verdict: 'pass', owners: ['otto', 'ana', 'ben', 'cleo'] });
  expect(found.evidence.map(({ text }) => text.replace(pinned.slice(0, 9), 'PIN'))).toEqual([
    'the pin PIN is v3.3.0',
    '6 wheels of v2.8.0-rc1 require compiler-cpu==3.3.1 or compiler~=3.3.0',
    'test has compiler-cpu 3.3.1, 1 file',
    'index has compiler 3.3.0, 1 file',
  ]);
});

it('waits for the cut, the candidate and its record, and says which command makes them', async () => {
  await pin();
  expect(await gate()).toMatchObject({
    verdict: 'queued',
    summary: 'core has no release/2.8 yet',
    fix: 'signalbox branch cut 2.8.0',
  });
  await cut();
  await releaseCompiler();
  await ownCpu();
  expect(await gate()).toMatchObject({ verdict: 'queued', fix: 'signalbox rc cut 2.8.0' });
  await testGit(remote('core'), ['tag', 'v2.8.0-rc1', 'main']);
  expect(await gate()).toMatchObject({
    verdict: 'queued',
    summary: 'the files of v2.8.0-rc1 are not recorded yet',
    fix: 'signalbox artifact record 2.8.0-rc1',
  });
});

it('says which commit is the released one where the pin is another', async () => {
  await ready();
  const [other] = await addCommits(remote('compiler'), [{ branch: 'main', message: 'On', files: { 'b.c': '1' } }]);
  await testGit(remote('compiler'), ['tag', '-f', 'v3.3.0', other ?? '']);
  expect(await gate()).toMatchObject({
    verdict: 'failing',
    summary: `the pin ${pinned.slice(0, 9)} is not v3.3.0, which is ${(other ?? '').slice(0, 9)}`,
  });
});

it('looks through an annotated tag to its commit', async () => {
  await ready();
  await testGit(remote('compiler'), [
    '-c',
    'user.name=M',
    '-c',
    'user.email=m@x.example',
    'tag',
    '-f',
    '-a',
    '-m',
    'Release',
    'v3.3.0',
    pinned,
  ]);
  expect(await gate()).toMatchObject({ verdict: 'pass' });
});

it.each<[string, readonly string[], string]>([
  [
    'the name of nightlies',
    ['compiler-dev==3.3.0+git1234567'],
    'require compiler-dev==3.3.0+git1234567, not compiler~=3.3.0',
  ],
  ['another version', ['compiler~=3.2.0'], 'require compiler~=3.2.0, not compiler~=3.3.0'],
  ['both at once', ['compiler~=3.3.0', 'compiler-dev'], 'require compiler-dev, not compiler~=3.3.0'],
  ['none', ['numpy'], 'do not require compiler~=3.3.0'],
])('is failing for wheels with %s', async (_name, cuda, text) => {
  await pin();
  await cut();
  await releaseCompiler();
  await candidate(cuda);
  await ownCpu();
  const found = await gate();
  expect(found.verdict).toBe('failing');
  expect(found.summary).toBe(`small-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl and 1 more ${text}`);
});

it('is failing where our own file is another one than the published under its name', async () => {
  await ready();
  await ownCompiler('built from the head of the branch');
  const found = await gate();
  expect(found.verdict).toBe('failing');
  expect(found.summary).toContain(`${OWN} in test is ${sha256Of('built from the head of the branch')}, and in index`);
  expect(found.summary).toContain(sha256Of('the compiler'));
});

const UNREACHABLE = new PackageIndexError('unreachable', 'the index does not answer');
it.each<[string, readonly IndexFile[] | Error, string, string]>([
  ['has no such version', [], 'needs-you', 'index has no compiler 3.3.0'],
  [
    'has it yanked',
    [listed(sha256Of('the compiler'), { yanked: 'broken' })],
    'needs-you',
    'index has no compiler 3.3.0',
  ],
  ['does not answer', UNREACHABLE, 'no-data', 'whether index has compiler 3.3.0: the index does not answer'],
  ['tells no digest', [listed(null)], 'no-data', `whether ${OWN} in test is the one in index: index tells no digest`],
])('is closed while the index %s', async (_name, there, verdict, summary) => {
  await ready();
  published = there;
  expect(await gate()).toMatchObject({ verdict, summary });
});

it('waits for the tag, and for what must lie in our own channel', async () => {
  await pin();
  await cut();
  await candidate();
  expect(await gate()).toMatchObject({
    verdict: 'needs-you',
    summary: 'compiler has no tag v3.3.0 yet, and 1 more',
    fix: 'have it published; then signalbox gate run 2.8.0 triton-ready:compiler',
  });
  await releaseCompiler();
  expect((await gate()).summary).toBe('test has no compiler-cpu 3.3.1');
});

it.each<[string, Record<string, string>, string]>([
  ['no pin', { 'compiler_version.txt': '3.3.0' }, 'pins/compiler.txt at release/2.8 holds no commit of compiler'],
  [
    'a pin that is no commit',
    { 'pins/compiler.txt': 'main; rm -rf /', 'compiler_version.txt': '3.3.0' },
    'pins/compiler.txt at release/2.8 holds no commit of compiler',
  ],
  ['no version', { 'pins/compiler.txt': 'a'.repeat(40) }, 'compiler_version.txt at release/2.8 holds no version'],
  [
    'a version that is a text',
    { 'pins/compiler.txt': 'a'.repeat(40), 'compiler_version.txt': 'three point three' },
    'compiler_version.txt at release/2.8 holds no version',
  ],
  [
    'a version that makes no requirement',
    { 'pins/compiler.txt': 'a'.repeat(40), 'compiler_version.txt': 'x/y' },
    '"compiler~=x/y", for cuda, is no requirement (at release/2.8)',
  ],
])('is failing with %s', async (_name, files, text) => {
  await pin(files);
  await cut();
  const found = await gate();
  expect(found.verdict).toBe('failing');
  expect(found.evidence.map((each) => each.text).join('\n')).toContain(text);
});

it('is no data where a repository cannot be reached, and no gate where the train does not ask', async () => {
  await ready();
  await rm(remote('compiler'), { recursive: true });
  expect(await gate()).toMatchObject({ verdict: 'no-data' });
  await rm(remote('core'), { recursive: true });
  expect(await gate()).toMatchObject({ verdict: 'no-data' });
  app = open(trainOf({}));
  expect((await judge(app, BUILT_RELEASE, { families: ['triton-ready'] })).gates).toEqual([]);
});
