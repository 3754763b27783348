import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CondaChannelError } from '../../ports/conda-channel.ts';
import { scriptedServer, text, type ScriptedServer } from '../../testing/scripted-server.ts';
import { site, type SitePage } from '../../testing/site.ts';
import { memoryAnswerCache } from '../http/answer-cache.ts';
import { systemDocumentTools, type DocumentTools } from '../http/document.ts';
import { condaChannel } from './index.ts';

const entry = {
  build: 'py3.12_cuda12.4_cudnn9.1.0_0',
  build_number: 0,
  constrains: ['cpuonly <0'],
  depends: ['python >=3.12,<3.13.0a0', 'pytorch-mutex 1.0 cuda'],
  license: 'BSD-3-Clause',
  md5: 'D41D8CD98F00B204E9800998ECF8427E',
  name: 'pytorch',
  sha256: 'a'.repeat(64),
  size: 1_500_000_000,
  subdir: 'linux-64',
  timestamp: 1_730_000_000_000,
  version: '2.5.1',
};
const OLD = 'pytorch-1.0.0-py3.6_0.tar.bz2';
const NEW = 'pytorch-2.5.1-py3.12_cuda12.4_cudnn9.1.0_0.conda';

/** In the shape that conda's own indexer writes. */
const repodata = (change: object = {}): SitePage => ({
  type: 'application/json',
  etag: '"r"',
  body: JSON.stringify({
    info: { subdir: 'linux-64' },
    packages: {
      [OLD]: {
        ...entry,
        version: '1.0.0',
        build: 'py3.6_0',
        timestamp: 1_540_000_000,
        sha256: undefined,
        depends: undefined,
      },
    },
    'packages.conda': { [NEW]: entry },
    removed: ['pytorch-2.5.0-py3.12_0.conda', '../x'],
    repodata_version: 1,
    ...change,
  }),
});

let server: ScriptedServer;
const tools: DocumentTools = {
  ...systemDocumentTools,
  http: { ...systemDocumentTools.http, timers: { ...systemDocumentTools.http.timers, sleep: () => Promise.resolve() } },
};
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

const channel = (change: Partial<DocumentTools> = {}) =>
  condaChannel({ address: `${server.url}/pytorch`, tools: { ...tools, ...change } });
const play = (page: SitePage): void => server.play([site({ '/pytorch/linux-64/repodata.json': page })], true);

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return error instanceof CondaChannelError ? error.code : `not an error: ${JSON.stringify(error)}`;
}

describe('a conda channel', () => {
  it('tells the files of a platform, of both kinds', async () => {
    play(repodata());
    expect(await channel().subdir('linux-64')).toEqual({
      files: [
        {
          subdir: 'linux-64',
          fileName: OLD,
          url: `${server.url}/pytorch/linux-64/${OLD}`,
          name: 'pytorch',
          version: '1.0.0',
          build: 'py3.6_0',
          buildNumber: 0,
          depends: [],
          size: 1_500_000_000,
          sha256: null,
          md5: 'd41d8cd98f00b204e9800998ecf8427e',
          builtAt: '2018-10-20T01:46:40.000Z',
        },
        {
          subdir: 'linux-64',
          fileName: NEW,
          url: `${server.url}/pytorch/linux-64/${NEW}`,
          name: 'pytorch',
          version: '2.5.1',
          build: 'py3.12_cuda12.4_cudnn9.1.0_0',
          buildNumber: 0,
          depends: ['python >=3.12,<3.13.0a0', 'pytorch-mutex 1.0 cuda'],
          size: 1_500_000_000,
          sha256: `sha256:${'a'.repeat(64)}`,
          md5: 'd41d8cd98f00b204e9800998ecf8427e',
          builtAt: '2024-10-27T03:33:20.000Z',
        },
      ],
      removed: ['pytorch-2.5.0-py3.12_0.conda'],
      strange: [],
    });
  });

  it('may keep its files elsewhere', async () => {
    play(
      repodata({
        info: { subdir: 'linux-64', base_url: 'https://files.example/pytorch/linux-64' },
        repodata_version: 2,
      }),
    );
    const found = await channel().subdir('linux-64');
    expect(found?.files.map(({ url }) => url)).toEqual([
      `https://files.example/pytorch/linux-64/${OLD}`,
      `https://files.example/pytorch/linux-64/${NEW}`,
    ]);
  });

  it('tells of entries that no file can be, beside those that are', async () => {
    const packages = {
      '../../x.conda': entry,
      'a.zip': entry,
      'bad-1-0.conda': { ...entry, build_number: 'x' },
      [NEW]: entry,
    };
    play(repodata({ packages: {}, 'packages.conda': packages }));
    const found = await channel().subdir('linux-64');
    expect(found?.files.map(({ fileName }) => fileName)).toEqual([NEW]);
    expect(found?.strange.map((text_) => text_.split(':')[0])).toEqual([
      '"../../x.conda" is no name of a package file',
      '"a.zip" is no name of a package file',
      '"bad-1-0.conda"',
    ]);
  });

  it('says null of a platform that it does not have', async () => {
    play(repodata());
    expect(await channel().subdir('osx-arm64')).toBeNull();
  });

  it('is asked again with the ETag of the last time', async () => {
    play(repodata());
    const kept = channel({ cache: memoryAnswerCache() });
    const first = await kept.subdir('linux-64');
    expect(await kept.subdir('linux-64')).toEqual(first);
    expect(server.seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"r"']);
  });

  it.each([
    ['is no JSON', { ...repodata(), body: '{' }],
    ['is no repodata', repodata({ packages: [] })],
    ['is of another platform', repodata({ info: { subdir: 'osx-64' } })],
    ['is of a version that is not known', repodata({ repodata_version: 3 })],
    ['keeps its files at no address', repodata({ info: { base_url: 'http://[' } })],
  ] satisfies readonly (readonly [string, SitePage])[])(
    'is a failure, not an empty channel, when what it says %s',
    async (_name, page) => {
      play(page);
      expect(await codeOf(channel().subdir('linux-64'))).toBe('unexpected-answer');
    },
  );

  it.each([
    [401, 'not-allowed'],
    [503, 'busy'],
    [502, 'unreachable'],
  ])('answers %i: %s', async (status, code) => {
    server.play([text(status, 'no', 'text/plain')], true);
    expect(await codeOf(channel().subdir('linux-64'))).toBe(code);
  });

  it.each(['', '..', 'linux-64/..', 'Linux', 'a b'])('has no platform %j', async (subdir) => {
    server.play([]);
    expect(await codeOf(channel().subdir(subdir))).toBe('invalid');
    expect(server.seen).toEqual([]);
  });
});
