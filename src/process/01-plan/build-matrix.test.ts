import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildMatrixOf, expectedOf, type CellChoice } from '../../app/expected.ts';
import { loadTrain } from '../../config/load.ts';
import { shippedPresets } from '../../config/sources.ts';
import { CalendarDate } from '../../domain/instant.ts';
import { Artifacts } from '../../domain/train/artifacts.ts';
import { Channel } from '../../domain/train/channels.ts';
import { Support, SupportLine } from '../../domain/train/support.ts';
import type { Train } from '../../domain/train/train.ts';
import { Line, ReleaseVersion } from '../../domain/version.ts';

const DAY = CalendarDate.parse('2026-07-08');
const ALL: CellChoice = { packages: [], kinds: [], platforms: [], accelerators: [], pythons: [] };

let preset: Train;
let train: Train;
beforeAll(async () => {
  const loaded = await loadTrain(join(shippedPresets(), 'pytorch', 'train.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  preset = loaded.value.train;
  train = laterTrain(preset);
});

/** The preset as it would be for 2.13: other versions, Windows on arm with one Python, libtorch for every accelerator. */
function laterTrain(base: Train): Train {
  const line = SupportLine.parse({
    python: { from: '3.10', to: '3.14' },
    builds: {
      'cuda-stable': [{ versions: ['12.6', '13.0', '13.2'], companion: '9.10.2.21' }],
      'cuda-experimental': [],
      'rocm-stable': [{ versions: ['7.2'] }],
    },
  });
  const windowsArm = { system: 'Windows', architecture: 'arm64', wheels: [{ tags: ['{python}-{abi}-win_arm64'] }] };
  const [first, ...rest] = base.artifacts.packages['torch']?.builds ?? [];
  if (first === undefined) throw new Error('the preset builds no torch');
  return {
    ...base,
    support: {
      ...base.support,
      lines: { ...base.support.lines, [Line.parse('2.13')]: line },
      excluded: [
        ...base.support.excluded,
        ...Support.parse({
          excluded: [
            { architecture: 'aarch64', accelerator: 'ROCm', since: '2.8', reason: 'ROCm is for x86_64 only.' },
            { system: 'Windows', accelerator: 'ROCm', since: '2.8', reason: 'ROCm is for Linux only.' },
            ...['3.10', '3.11', '3.12', '3.13'].map((python) => ({
              system: 'Windows',
              architecture: 'arm64',
              python,
              reason: 'Windows on arm begins with Python 3.14.',
            })),
          ],
        }).excluded,
      ],
    },
    artifacts: {
      ...base.artifacts,
      platforms: {
        ...base.artifacts.platforms,
        ...Artifacts.parse({ platforms: { 'windows-arm64': windowsArm } }).platforms,
      },
      packages: {
        ...base.artifacts.packages,
        torch: {
          builds: [
            first,
            ...(Artifacts.parse({
              packages: { torch: { builds: [{ kind: 'wheel', platforms: ['windows-arm64'], accelerators: ['cpu'] }] } },
            }).packages['torch']?.builds ?? []),
            ...rest,
          ],
        },
      },
    },
    channels: {
      ...base.channels,
      stable: Channel.parse({
        title: 'Stable',
        write: 'append',
        places: [
          { holds: 'wheel', store: 'object-store', address: 'https://files.example/whl/' },
          { holds: 'libtorch', store: 'object-store', address: 'https://files.example/libtorch/' },
        ],
      }),
    },
  };
}

type Rows = readonly Readonly<Record<string, string | boolean>>[];

interface Asked extends Partial<CellChoice> {
  readonly channel?: string;
  readonly images?: boolean;
  readonly release?: string;
  readonly of?: Train;
}

function ask({ channel = 'release', images = false, release = '2.13.0', of = train, ...choice }: Asked) {
  return buildMatrixOf(of, {
    release: ReleaseVersion.parse(release),
    choice: { ...ALL, ...choice },
    channel,
    images,
    day: DAY,
  });
}

function rows(asked: Asked): Rows {
  const answer = ask(asked);
  if (!answer.ok) throw new Error(answer.problems.map(({ text }) => text).join('\n'));
  return answer.value.include.map((row) => ({ ...row }));
}

function refusal(asked: Asked): string {
  const answer = ask(asked);
  return answer.ok
    ? `${answer.value.include.length} rows`
    : answer.problems.map(({ code, text }) => `${code}: ${text}`).join('\n');
}

const images = (channel: string) => rows({ images: true, channel, accelerators: ['cu126'] }).map(({ image }) => image);

function changes(release: string) {
  const answer = expectedOf(preset, ReleaseVersion.parse(release), ALL);
  if (!answer.ok) throw new Error(answer.problems[0].text);
  return answer.value.changes;
}

describe('the build matrix for CI', () => {
  it('MAT-04 has one libtorch for each platform, accelerator and variant, whatever Pythons are asked for', () => {
    const one = rows({ kinds: ['libtorch'], pythons: ['3.11'] });
    expect(one).toEqual(rows({ kinds: ['libtorch'] }));
    expect(new Set(one.map(({ python_version }) => python_version))).toEqual(new Set(['']));
    const linux = one.filter(
      ({ os, libtorch_variant }) => os === 'linux-x86_64' && libtorch_variant === 'shared-with-deps',
    );
    expect(linux.map(({ desired_cuda }) => desired_cuda)).toEqual(['cpu', 'cu126', 'cu130', 'cu132', 'rocm7.2']);
    expect(linux[1]?.['installation']).toBe(
      'https://files.example/libtorch/cu126/libtorch-shared-with-deps-2.13.0%2Bcu126.zip',
    );
  });

  it('MAT-05 gives each accelerator of linux-aarch64 its own row and install command', () => {
    const arm = rows({ packages: ['torch'], platforms: ['linux-aarch64'], pythons: ['3.12'] });
    expect(
      arm.map(({ gpu_arch_version, desired_cuda, installation }) => [gpu_arch_version, desired_cuda, installation]),
    ).toEqual(
      [
        ['', 'cpu'],
        ['12.6', 'cu126'],
        ['13.0', 'cu130'],
        ['13.2', 'cu132'],
      ].map(([version, name]) => [
        version,
        name,
        `pip3 install torch==2.13.0 torchvision==0.28.0 torchaudio==2.13.0 --index-url https://files.example/whl/${name}`,
      ]),
    );
  });

  it.each([
    [
      'macos',
      'The release has no platform "macos". It has: linux-x86_64, linux-aarch64, macos-arm64, windows-x86_64, windows-arm64.',
    ],
    ['plan9', 'The release has no platform "plan9".'],
    ['macos-arm46', 'Did you mean macos-arm64?'],
  ])('MAT-06 refuses the platform %s by name', (platform, text) => {
    expect(refusal({ platforms: [platform] })).toContain(text);
  });

  it.each([
    ['not json', '"not json" is not a Python build'],
    ['3.99', 'The release has no python "3.99". It has: 3.10, 3.11, 3.12, 3.13, 3.14.'],
    ['', '"" is not a Python build'],
  ])('MAT-06 refuses the Python %j instead of taking others', (python, text) => {
    expect(refusal({ pythons: [python] })).toContain(text);
  });

  it('MAT-06 builds for Windows on arm exactly the Python that was asked for, or says why not', () => {
    expect(
      rows({ platforms: ['windows-arm64'], pythons: ['3.14'] }).map(({ python_version }) => python_version),
    ).toEqual(['3.14']);
    expect(refusal({ platforms: ['windows-arm64'], pythons: ['3.12'] })).toBe(
      'nothing-expected: Nothing is built for what was chosen, by policy: the matrix would be empty. Windows on arm begins with Python 3.14.',
    );
  });

  it('MAT-06 refuses an empty matrix', () => {
    expect(refusal({ platforms: ['macos-arm64'], accelerators: ['cuda', 'rocm'] })).toContain(
      'the matrix would be empty. There is no CUDA for MacOS. There is no ROCm for MacOS.',
    );
    expect(refusal({ packages: ['torchaudio'], kinds: ['libtorch'] })).toBe(
      'nothing-expected: Nothing is built for what was chosen: the matrix would be empty. Leave one of the choices out.',
    );
  });

  it('MAT-07 names the images of the channel, and of every channel', () => {
    expect(images('release')).toEqual([
      'pytorch/pytorch:2.13.0-cuda12.6-cudnn9-runtime',
      'pytorch/pytorch:2.13.0-cuda12.6-cudnn9-devel',
    ]);
    expect(images('all')).toEqual([
      'ghcr.io/pytorch/pytorch-nightly:2.13.0.dev20260708-cuda12.6-cudnn9-runtime',
      'ghcr.io/pytorch/pytorch-nightly:2.13.0.dev20260708-cuda12.6-cudnn9-devel',
      'ghcr.io/pytorch/pytorch-test:2.13.0-cuda12.6-cudnn9-runtime',
      'ghcr.io/pytorch/pytorch-test:2.13.0-cuda12.6-cudnn9-devel',
      ...images('release'),
    ]);
  });

  it('MAT-07 refuses an image whose tag names a companion library that the matrix does not know', () => {
    const without = {
      ...train,
      artifacts: {
        ...train.artifacts,
        images: train.artifacts.images.map((image) => ({ ...image, accelerators: ['rocm'] })),
      },
    };
    expect(refusal({ images: true, of: without })).toContain('rocm7.2 no companion library');
    expect(refusal({ images: true, accelerators: ['cpu'] })).toContain('names no image for channel release');
  });

  it("MAT-08 has the train's own version of each package", () => {
    const versions = rows({ platforms: ['macos-arm64'], kinds: ['wheel'], pythons: ['3.12'] }).map((row) => [
      row['package'],
      row['stable_version'],
      row['file'],
    ]);
    expect(versions).toEqual([
      ['torch', '2.13.0', 'torch-2.13.0-cp312-none-macosx_11_0_arm64.whl'],
      ['torchvision', '0.28.0', 'torchvision-0.28.0-cp312-none-macosx_11_0_arm64.whl'],
      ['torchaudio', '2.13.0', 'torchaudio-2.13.0-cp312-none-macosx_11_0_arm64.whl'],
    ]);
  });

  it('installs a nightly unpinned, and names its file after the day', () => {
    const [row] = rows({
      channel: 'nightly',
      packages: ['torch'],
      platforms: ['linux-x86_64'],
      accelerators: ['cpu'],
      pythons: ['3.12'],
    });
    expect(row).toMatchObject({
      installation:
        'pip3 install --pre torch torchvision torchaudio --index-url https://download.pytorch.org/whl/nightly/cpu',
      file: 'torch-2.13.0.dev20260708+cpu-cp312-cp312-manylinux_2_28_x86_64.whl',
    });
  });

  it('installs conda packages by their build, in the lines that have them', () => {
    const [row] = rows({
      of: preset,
      release: '2.5.0',
      channel: 'test',
      kinds: ['conda'],
      accelerators: ['cu121'],
      pythons: ['3.11'],
    });
    expect(row?.['installation']).toBe(
      'conda install "pytorch=2.5.0=py3.11_cuda12.1*" "torchvision=0.20.0=py311_cu121" "torchaudio=2.5.0=py311_cu121" -c https://anaconda.org/pytorch-test',
    );
  });

  it('installs what goes to PyPI without an index of our own', () => {
    const asked = { of: preset, release: '2.7.0', channel: 'pypi', packages: ['torch'], pythons: ['3.12'] };
    expect(
      rows({ ...asked, platforms: ['linux-x86_64'], accelerators: ['cu126'] }).map(({ installation }) => installation),
    ).toEqual(['pip3 install torch==2.7.0 torchvision==0.22.0 torchaudio==2.7.0']);
    expect(refusal({ ...asked, platforms: ['linux-x86_64'], accelerators: ['cu128'] })).toContain(
      'no-place: Channel pypi holds no wheel files of what was chosen',
    );
  });

  it('refuses a channel that is none, a kind that the channel does not hold, and more rows than GitHub takes', () => {
    expect(refusal({ channel: 'tset' })).toContain('The train has no channel "tset". Did you mean test?');
    expect(refusal({ of: preset, release: '2.7.0', channel: 'nightly', kinds: ['libtorch'] })).toContain(
      'Channel nightly holds no libtorch files',
    );
    expect(refusal({ of: preset, release: '2.7.0', channel: 'test' })).toMatch(
      /too-many-rows: .* 271 rows; GitHub starts at most 256 jobs/,
    );
  });
});

describe('changes since the release before', () => {
  it('are told by reason for a minor release', () => {
    const found = changes('2.7.0');
    expect(found?.since).toBe('2.6.0');
    expect(found?.added).toHaveLength(78);
    const reasons = [...Map.groupBy(found?.removed ?? [], ({ reason }) => reason)].map(
      ([reason, all]) => `${all.length} ${reason}`,
    );
    expect(reasons).toEqual([
      '41 CUDA 12.4 is not built for 2.7',
      '21 ROCm 6.2.4 is not built for 2.7',
      '18 For arm only the newest CUDA is built.',
      '3 the train file has no such build for 2.7',
    ]);
    expect(changes('2.5.0')?.removed.map(({ reason }) => reason)).toContain('2.5 is not built for Python 3.8');
  });

  it('are none between a patch release and the one before', () => {
    expect(changes('2.7.1')).toEqual({ since: '2.7.0', added: [], removed: [] });
  });

  it('are not known for the oldest release of the matrix', () => {
    expect(changes('1.12.0')).toBeNull();
  });
});
