import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTrain } from '../../config/load.ts';
import { shippedPresets } from '../../config/sources.ts';
import { Artifacts } from '../train/artifacts.ts';
import { Support } from '../train/support.ts';
import type { Train } from '../train/train.ts';
import { ReleaseVersion } from '../version.ts';
import type { Expectation, ExpectedCell } from './expectation.ts';
import { expectedArtifacts, explainExpectation } from './expected.ts';

let preset: Train;
beforeAll(async () => {
  const loaded = await loadTrain(join(shippedPresets(), 'pytorch', 'train.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  preset = loaded.value.train;
});

function expectation(release: string, train = preset): Expectation {
  const answer = expectedArtifacts(train, ReleaseVersion.parse(release));
  if (!answer.ok) throw new Error(answer.problems.map(explainExpectation).join('\n'));
  return answer.value;
}

const cellsOf = (release: string, begin: string): readonly ExpectedCell[] =>
  expectation(release).cells.filter(({ key }) => key.startsWith(begin));
const counts = (items: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(items, (item) => item)].map(([item, all]) => [item, all.length]));

const kinds = (release: string): readonly string[] =>
  Object.keys(counts(expectation(release).cells.map(({ cell }) => cell.kind)));
const variants = (release: string): readonly string[] =>
  Object.keys(counts(cellsOf(release, 'torch/libtorch/linux-x86_64/cpu').map(({ cell }) => cell.variant ?? '')));

/** The preset with other artifacts, and a support matrix of one line. */
function train(artifacts: unknown, support: unknown = {}): Train {
  return {
    ...preset,
    artifacts: Artifacts.parse(artifacts),
    support: Support.parse({ lines: { '2.7': { python: { from: '3.12', to: '3.13' } } }, ...Object(support) }),
  };
}

describe("the seed's support matrix of 2.7", () => {
  it('gives each package 84 wheels over the four platforms', () => {
    const wheels = expectation('2.7.0').cells.filter(({ cell }) => cell.kind === 'wheel');
    expect(counts(wheels.map(({ cell }) => `${cell.package} ${cell.platform}`))).toEqual(
      Object.fromEntries(
        ['torch', 'torchvision', 'torchaudio'].flatMap((name) => [
          [`${name} linux-x86_64`, 36],
          [`${name} linux-aarch64`, 12],
          [`${name} macos-arm64`, 6],
          [`${name} windows-x86_64`, 30],
        ]),
      ),
    );
  });

  it('builds every Python of the table, CUDA 11.8, 12.6 and 12.8, ROCm 6.3, CPU and XPU', () => {
    const linux = cellsOf('2.7.0', 'torch/wheel/linux-x86_64/');
    expect(Object.keys(counts(linux.map(({ cell }) => cell.python ?? '')))).toEqual([
      '3.9',
      '3.10',
      '3.11',
      '3.12',
      '3.13',
      '3.13t',
    ]);
    expect(Object.keys(counts(linux.map(({ cell }) => cell.accelerator ?? '')))).toEqual([
      'cpu',
      'cu118',
      'cu126',
      'cu128',
      'rocm6.3',
      'xpu',
    ]);
  });

  it('calls CUDA 12.8 and 3.13t experimental, and nothing else', () => {
    const tried = expectation('2.7.0').cells.filter(({ stage }) => stage === 'experimental');
    expect(tried.every(({ cell }) => cell.accelerator === 'cu128' || cell.python === '3.13t')).toBe(true);
    expect(
      expectation('2.7.0').cells.filter(({ cell }) => cell.accelerator === 'cu128' || cell.python === '3.13t'),
    ).toHaveLength(tried.length);
  });

  it.each([
    ['torch/wheel/linux-x86_64/cu126/3.11', 'cu126/torch-2.7.0+cu126-cp311-cp311-manylinux_2_28_x86_64.whl'],
    ['torch/wheel/linux-x86_64/rocm6.3/3.13t', 'rocm6.3/torch-2.7.0+rocm6.3-cp313-cp313t-manylinux_2_28_x86_64.whl'],
    ['torch/wheel/linux-aarch64/cpu/3.9', 'cpu/torch-2.7.0+cpu-cp39-cp39-manylinux_2_28_aarch64.whl'],
    ['torch/wheel/macos-arm64/cpu/3.13', 'cpu/torch-2.7.0-cp313-none-macosx_11_0_arm64.whl'],
    // A name without an ABI could not say that the build is free-threaded.
    ['torch/wheel/macos-arm64/cpu/3.13t', 'cpu/torch-2.7.0-cp313-cp313t-macosx_11_0_arm64.whl'],
    ['torchvision/wheel/windows-x86_64/xpu/3.12', 'xpu/torchvision-0.22.0+xpu-cp312-cp312-win_amd64.whl'],
    [
      'torch/libtorch/windows-x86_64/cu118/any/shared-with-deps-debug',
      'cu118/libtorch-win-shared-with-deps-debug-2.7.0+cu118.zip',
    ],
    ['torch/libtorch/macos-arm64/cpu/any/shared-with-deps', 'cpu/libtorch-macos-arm64-2.7.0.zip'],
  ])('names %s', (key, path) => {
    const [found] = cellsOf('2.7.0', key).filter((cell) => cell.key === key);
    expect(`${found?.folder}/${found?.file}`).toBe(path);
  });

  it('takes a wheel on Linux with the tag that the document names too', () => {
    const [cell] = cellsOf('2.7.0', 'torch/wheel/linux-x86_64/cpu/3.9');
    expect(cell?.others).toContain('torch-2.7.0+cpu-cp39-cp39-manylinux2014_x86_64.whl');
  });

  it('sends one build of each platform to PyPI, without its local version and within the limits', () => {
    const published = cellsOf('2.7.0', 'torch/').filter(({ publish }) => publish.length > 0);
    expect(Object.keys(counts(published.map(({ cell }) => `${cell.platform} ${cell.accelerator}`)))).toEqual([
      'linux-x86_64 cu126',
      'linux-aarch64 cpu',
      'macos-arm64 cpu',
      'windows-x86_64 cpu',
    ]);
    expect(published).toHaveLength(24);
    const [linux] = published;
    expect(linux?.publish).toEqual([
      {
        channel: 'pypi',
        file: 'torch-2.7.0-cp39-cp39-manylinux_2_28_x86_64.whl',
        fileLimit: 1024 ** 3,
        projectLimit: 10 * 1024 ** 3,
      },
    ]);
    const [vision] = cellsOf('2.7.0', 'torchvision/wheel/macos-arm64/cpu/3.9');
    expect(vision?.publish.map(({ fileLimit }) => fileLimit)).toEqual([100 * 1024 ** 2]);
  });

  it('skips what is not built by policy, each with its rule, and expects none of it', () => {
    const { cells, skipped } = expectation('2.7.0');
    const expected = new Set(cells.map(({ key }) => key));
    expect(skipped.some(({ key }) => expected.has(key))).toBe(false);
    expect(skipped.find(({ key }) => key === 'torch/wheel/macos-arm64/cu126/3.9')?.rule.reason).toBe(
      'There is no CUDA for MacOS.',
    );
    expect(skipped.every(({ rule }) => rule.reason !== '')).toBe(true);
  });
});

describe('lines before', () => {
  it('have conda packages until 2.5, and not after it', () => {
    expect(kinds('2.5.1')).toEqual(['wheel', 'libtorch', 'conda']);
    expect(kinds('2.6.0')).toEqual(['wheel', 'libtorch']);
    const [conda] = cellsOf('2.5.1', 'torch/conda/linux-x86_64/cu121/3.11');
    expect(`${conda?.folder}/${conda?.file}`).toBe('linux-64/pytorch-2.5.1-py3.11_cuda12.1*.tar.bz2');
  });

  it('have libtorch without the C++11 ABI until 2.6', () => {
    expect(variants('2.6.0')).toEqual(['cxx11-abi-shared-with-deps', 'cxx11-abi-static-with-deps', 'shared-with-deps']);
    expect(variants('2.7.0')).toEqual(['cxx11-abi-shared-with-deps', 'cxx11-abi-static-with-deps']);
  });

  it('have XPU from 2.6 on', () => {
    expect(cellsOf('2.5.0', 'torch/wheel/linux-x86_64/xpu')).toHaveLength(0);
    expect(cellsOf('2.6.0', 'torch/wheel/linux-x86_64/xpu')).toHaveLength(6);
  });
});

it.each(['1.12.0', '1.13.0', '2.0.0', '2.1.0', '2.2.0', '2.3.0', '2.4.0', '2.5.0', '2.6.0', '2.7.0', '2.7.1'])(
  'gives each cell of %s once and each name to one cell, the same every time',
  (release) => {
    const first = expectation(release);
    const keys = [...first.cells, ...first.skipped].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const files = first.cells.flatMap(({ cell, folder, file, others }) =>
      [file, ...others].map((name) => `${cell.kind}/${folder}/${name}`),
    );
    expect(new Set(files).size).toBe(files.length);
    expect(expectation(release)).toEqual(first);
  },
);

describe('a train of another kind', () => {
  it('may have one wheel for everything', () => {
    const tune = {
      packages: { torch: { builds: [{ kind: 'wheel', python: 'independent', tags: ['py3-none-any'], folder: '' }] } },
    };
    expect(expectation('2.7.0', train(tune)).cells).toMatchObject([
      { key: 'torch/wheel/any/any/any', file: 'torch-2.7.0-py3-none-any.whl', folder: '', version: '2.7.0' },
    ]);
  });

  it('spells a name of several words as wheels do', () => {
    const named = train({
      packages: { 'Torch-Audio.ext': { builds: [{ kind: 'wheel', python: 'independent', tags: ['py3-none-any'] }] } },
    });
    const repos = Object.fromEntries(
      Object.entries(preset.repos).map(([key, entry]) => [
        key,
        { ...entry, packages: key === 'pytorch' ? ['Torch-Audio.ext'] : [] },
      ]),
    );
    const { cells } = expectation('2.7.0', { ...named, repos });
    expect(cells.map(({ file }) => file)).toEqual(['torch_audio_ext-2.7.0-py3-none-any.whl']);
  });

  it('refuses two cells that would be one file', () => {
    const twins = {
      platforms: {
        mac: {
          system: 'MacOS',
          architecture: 'arm64',
          local: false,
          wheels: [{ tags: ['{python}-none-macosx_11_0_arm64'] }],
        },
      },
      accelerators: { cpu: { title: 'CPU', name: 'cpu' }, xpu: { title: 'XPU', name: 'xpu' } },
      packages: {
        torch: { builds: [{ kind: 'wheel', platforms: ['mac'], accelerators: ['cpu', 'xpu'], folder: '' }] },
      },
    };
    const answer = expectedArtifacts(train(twins), ReleaseVersion.parse('2.7.0'));
    const texts = answer.ok ? [] : answer.problems.map(explainExpectation);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain(
      'torch/wheel/mac/cpu/3.12 and torch/wheel/mac/xpu/3.12 would both be the file torch-2.7.0-cp312-none-macosx_11_0_arm64.whl',
    );
  });

  it('refuses two builds of one cell', () => {
    const build = { kind: 'wheel', python: 'independent', tags: ['py3-none-any'] };
    const answer = expectedArtifacts(
      train({ packages: { torch: { builds: [build, build] } } }),
      ReleaseVersion.parse('2.7.0'),
    );
    expect(answer.ok ? [] : answer.problems.map(({ code }) => code)).toEqual(['same-cell', 'same-file']);
  });

  it('says what is missing where it says nothing of artifacts or of the line', () => {
    const none = expectedArtifacts(train({}), ReleaseVersion.parse('2.7.0'));
    expect(none.ok ? '' : explainExpectation(none.problems[0])).toContain(
      'signalbox config explain artifacts.packages',
    );
    const unknown = expectedArtifacts(preset, ReleaseVersion.parse('2.99.0'));
    expect(unknown.ok ? '' : explainExpectation(unknown.problems[0])).toContain(
      'does not say what 2.99.0 is built for',
    );
  });

  it('orders versions by their numbers', () => {
    const support = {
      columns: [{ id: 'rocm', kind: 'builds', title: 'ROCm', accelerator: 'ROCm' }],
      lines: {
        '2.7': { python: { from: '3.9', to: '3.10' }, builds: { rocm: [{ versions: ['7.14', '7.2', '7.2.1'] }] } },
      },
    };
    const artifacts = {
      platforms: {
        linux: { system: 'Linux', architecture: 'x86_64', wheels: [{ tags: ['{python}-{abi}-linux_x86_64'] }] },
      },
      accelerators: { rocm: { title: 'ROCm', name: 'rocm{version}' } },
      packages: { torch: { builds: [{ kind: 'wheel', platforms: ['linux'], accelerators: ['rocm'] }] } },
    };
    const { cells } = expectation('2.7.0', train(artifacts, support));
    expect(cells.map(({ cell }) => `${cell.accelerator} ${cell.python}`)).toEqual(
      ['rocm7.2', 'rocm7.2.1', 'rocm7.14'].flatMap((name) => [`${name} 3.9`, `${name} 3.10`]),
    );
  });
});
