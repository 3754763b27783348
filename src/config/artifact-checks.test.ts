import { describe, expect, it } from 'vitest';
import { smallTrain } from '../testing/small-train.ts';
import { artifactContradictions } from './artifact-checks.ts';
import { keyText } from './tree.ts';

const SUPPORT = {
  columns: [{ id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' }],
  lines: { '2.8': { python: { from: '3.12', to: '3.13' }, builds: { cuda: [{ versions: ['12.6'] }] } } },
  operatingSystems: [{ family: 'Linux', architectures: ['x86_64'] }],
};
const CHANNELS = {
  test: { title: 'Test', write: 'append', places: [] },
  index: { title: 'Index', write: 'once', places: [{ holds: 'wheel', store: 'package-index' }] },
};
const LINUX = { system: 'Linux', architecture: 'x86_64', wheels: [{ tags: ['{python}-{abi}-linux_x86_64'] }] };
const WHEEL = { kind: 'wheel', platforms: ['linux'], accelerators: ['cpu', 'cuda'] };
const ARTIFACTS = {
  platforms: { linux: LINUX },
  accelerators: { cpu: { title: 'CPU', name: 'cpu' }, cuda: { title: 'CUDA', name: 'cu{digits}' } },
  packages: { acme: { builds: [WHEEL] } },
};

interface Changed {
  readonly artifacts?: object;
  readonly support?: object;
  readonly channels?: object;
  readonly candidates?: object;
}

/** What is told of a train that is right but for the changes. */
function told({ artifacts, support, channels, candidates = {} }: Changed): readonly string[] {
  const train = smallTrain(
    {},
    {
      candidates,
      artifacts: { ...ARTIFACTS, ...artifacts },
      support: { ...SUPPORT, ...support },
      channels: { ...CHANNELS, ...channels },
    },
  );
  return artifactContradictions(train).map(({ path, text }) => `${keyText(path)}: ${text}`);
}

describe('artifacts that contradict the rest of the train', () => {
  it('are none where nothing does', () => {
    expect(told({})).toEqual([]);
  });

  it.each<readonly [string, Changed, string]>([
    [
      'a system that is none',
      { artifacts: { platforms: { linux: { ...LINUX, system: 'Linus' } } } },
      'artifacts.platforms.linux.system: Linus is no operating system of support.operatingSystems',
    ],
    [
      'an architecture that the system has not',
      { artifacts: { platforms: { linux: { ...LINUX, architecture: 'arm64' } } } },
      'artifacts.platforms.linux.architecture: arm64 is no architecture of Linux',
    ],
    [
      'an accelerator whose versions nobody lists',
      { artifacts: { accelerators: { ...ARTIFACTS.accelerators, rocm: { title: 'ROCm', name: 'rocm{version}' } } } },
      'artifacts.accelerators.rocm.title: ROCm is no accelerator of a column of the support matrix',
    ],
    [
      'a package that no repository builds',
      { artifacts: { packages: { ...ARTIFACTS.packages, acmetext: { builds: [WHEEL] } } } },
      'artifacts.packages.acmetext: acmetext is no package of a repository',
    ],
    [
      'a build for a platform that is none',
      { artifacts: { packages: { acme: { builds: [{ ...WHEEL, platforms: ['lunix'] }] } } } },
      'artifacts.packages.acme.builds[0].platforms[0]: lunix is no platform',
    ],
    [
      'a build for an accelerator that is none',
      { artifacts: { packages: { acme: { builds: [{ ...WHEEL, accelerators: ['cpu', 'npu'] }] } } } },
      'artifacts.packages.acme.builds[0].accelerators[1]: npu is no accelerator',
    ],
    [
      'wheels without tags',
      { artifacts: { packages: { acme: { builds: [{ kind: 'wheel' }] } } } },
      'artifacts.packages.acme.builds[0]: neither `tags` nor `wheels` of every platform says which tags the wheels have',
    ],
    [
      'a build that ends before it begins',
      { artifacts: { packages: { acme: { builds: [{ ...WHEEL, since: '2.8', until: '2.7' }] } } } },
      'artifacts.packages.acme.builds[0].until: 2.7 comes before since, 2.8',
    ],
    [
      'publishing where there is no index',
      { artifacts: { publish: { test: [{ platform: 'linux', accelerator: 'CPU' }] } } },
      'artifacts.publish.test: test is no channel with a package index',
    ],
    [
      'publishing a build that no line has',
      { artifacts: { publish: { index: [{ platform: 'linux', accelerator: 'CUDA 12.4' }] } } },
      'artifacts.publish.index[0].accelerator: CUDA 12.4 is not built for 2.8',
    ],
    [
      'an image for a channel that is none',
      {
        artifacts: {
          images: [
            {
              accelerators: ['cpu'],
              platforms: ['linux'],
              targets: ['runtime'],
              repository: { nightly: 'acme/acme' },
              tag: '{version}',
            },
          ],
        },
      },
      'artifacts.images[0].repository.nightly: nightly is no channel of the train',
    ],
    [
      'an exclusion of an accelerator that is none',
      { support: { excluded: [{ accelerator: 'CUDO 12.6', reason: 'x' }] } },
      'support.excluded[0].accelerator: CUDO is no accelerator',
    ],
    [
      'an exclusion of a system that no platform has',
      { support: { excluded: [{ system: 'Windows', reason: 'x' }] } },
      'support.excluded[0].system: Windows is no system of a platform',
    ],
    [
      'a limit of a package that is none',
      {
        channels: {
          index: {
            ...CHANNELS.index,
            places: [
              {
                holds: 'wheel',
                store: 'package-index',
                limits: { file: '1 GiB', project: '1 GiB', raised: [{ package: 'acmo' }] },
              },
            ],
          },
        },
      },
      'channels.index.places[0].limits.raised[0].package: acmo is no package with builds',
    ],
    [
      'candidates that go nowhere',
      { candidates: { channel: 'tset' } },
      'candidates.channel: tset is no channel of the train',
    ],
    [
      'limits of what is no index',
      {
        channels: {
          test: {
            ...CHANNELS.test,
            places: [{ holds: 'wheel', store: 'object-store', limits: { file: '1 GiB', project: '1 GiB' } }],
          },
        },
      },
      'channels.test.places[0].limits: only a package index has limits',
    ],
  ])('are told: %s', (_name, change, text) => {
    expect(told(change)).toEqual([text]);
  });
});

it.each([['1 GB'], ['-1 GiB'], ['1,5 GiB'], ['GiB'], ['1e9 B']])('does not take %s for a size', (size) => {
  expect(() =>
    told({
      channels: {
        index: {
          ...CHANNELS.index,
          places: [{ holds: 'wheel', store: 'package-index', limits: { file: size, project: '1 GiB' } }],
        },
      },
    }),
  ).toThrow(/not a size/);
});
