import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTrain } from '../config/load.ts';
import { shippedPresets } from '../config/sources.ts';
import { Pep440Version } from '../domain/pep440.ts';
import type { Train } from '../domain/train/train.ts';
import { makeWheel, type WheelRecipe } from '../testing/make-wheel.ts';
import { memorySource } from '../testing/memory-source.ts';
import { checkWheels } from './wheel-check.ts';
import { parseChannel, wheelPolicy, type WheelPlace } from './wheel-policy.ts';

let preset: Train;
beforeAll(async () => {
  const loaded = await loadTrain(join(shippedPresets(), 'pytorch', 'train.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  preset = loaded.value.train;
});

const nowhere: WheelPlace = { channel: null, accelerator: null };
const torch = (version: string) => ({ name: 'torch', version: Pep440Version.parse(version) });

describe("the preset's policy for wheels", () => {
  it('has the floor of the operating systems table', () => {
    const { platforms } = wheelPolicy(preset, nowhere, torch('2.5.0'));
    expect(platforms.map(({ family, architectures, newest }) => [family, architectures.join(' '), newest])).toEqual([
      ['linux', 'aarch64 x86_64', { major: 2, minor: 17 }],
      ['macos', 'arm64', { major: 11, minor: 0 }],
      ['windows', 'x86_64', null],
    ]);
  });

  it('takes the tags that the builds of the line have, found by package and version', () => {
    expect(wheelPolicy(preset, nowhere, torch('2.5.1+cu124')).platformTags).not.toContain('manylinux_2_28_x86_64');
    expect(wheelPolicy(preset, nowhere, torch('2.7.0')).platformTags).toContain('manylinux_2_28_x86_64');
    const vision = { name: 'torchvision', version: Pep440Version.parse('0.22.0') };
    expect(wheelPolicy(preset, nowhere, vision).platformTags).toContain('manylinux_2_28_x86_64');
    expect(wheelPolicy(preset, nowhere, { ...vision, name: 'numpy' }).platformTags).toEqual([]);
  });

  it("has an index's limits and refusals for PyPI alone, raised for torch", () => {
    const pypi = { channel: 'pypi', accelerator: null };
    expect(wheelPolicy(preset, nowhere, torch('2.7.0'))).toMatchObject({ toIndex: false, fileLimit: null });
    expect(wheelPolicy(preset, { ...pypi, channel: 'test' }, torch('2.7.0'))).toMatchObject({ toIndex: false });
    expect(wheelPolicy(preset, pypi, torch('2.7.0'))).toMatchObject({ toIndex: true, fileLimit: 1024 ** 3 });
    expect(wheelPolicy(preset, pypi, { ...torch('0.22.0'), name: 'torchvision' }).fileLimit).toBe(100 * 1024 ** 2);
  });

  it('knows accelerators by their local versions', () => {
    const { accelerators } = wheelPolicy(preset, nowhere, null);
    expect(accelerators.map(({ title, local }) => [title, local])).toEqual([
      ['CPU', 'cpu'],
      ['CUDA', 'cu*'],
      ['ROCm', 'rocm*'],
      ['XPU', 'xpu'],
    ]);
  });
});

it('a channel is one of the train', () => {
  expect(parseChannel(preset, 'pypi')).toEqual({ ok: true, value: 'pypi' });
  expect(parseChannel(preset, null)).toEqual({ ok: true, value: null });
  expect([parseChannel(preset, 'pipi').ok, parseChannel(null, 'pypi').ok]).toEqual([false, false]);
});

/** A train's wheels as its builds make them: nothing is found in them. */
const CUDA: WheelRecipe = {
  name: 'torch',
  version: '2.7.0+cu126',
  tags: 'cp313-cp313t-manylinux_2_28_x86_64',
  files: {
    'torch/__init__.py': '',
    'torch/lib/libtorch_cuda.so': 'x',
    'functorch/__init__.py': '',
    'torchgen/__init__.py': '',
  },
  requiresPython: '>=3.9.0',
  requiresDist: ['filelock', 'nvidia-cudnn-cu12==9.5.1.17; platform_system == "Linux"', 'triton==3.3.0'],
};
const ROCM: WheelRecipe = {
  ...CUDA,
  version: '2.7.0+rocm6.3',
  files: { 'torch/__init__.py': '', 'torch/lib/libtorch_hip.so': 'x' },
  requiresDist: ['filelock', 'pytorch-triton-rocm==3.3.0'],
};
const MAC: WheelRecipe = {
  ...CUDA,
  version: '2.7.0',
  tags: 'cp313-none-macosx_11_0_arm64',
  files: { 'torch/__init__.py': '', 'torch/lib/libtorch.dylib': 'x' },
  requiresDist: ['filelock'],
};
const VISION: WheelRecipe = {
  name: 'torchvision',
  version: '0.22.0+cu126',
  tags: 'cp313-cp313t-manylinux_2_28_x86_64',
  requiresDist: ['numpy', 'torch==2.7.0'],
};

async function check(recipes: readonly WheelRecipe[], place = nowhere): Promise<readonly string[]> {
  const made = new Map(recipes.map((recipe) => makeWheel(recipe)).map(({ fileName, bytes }) => [fileName, bytes]));
  const { wheels, together } = await checkWheels(preset, {
    asked: [...made.keys()],
    quick: false,
    place,
    open: (named) =>
      Promise.resolve({ source: memorySource(made.get(named) ?? new Uint8Array()), close: () => Promise.resolve() }),
  });
  return [...wheels.flatMap(({ findings }) => findings), ...together].map(({ check: id, wheel }) => `${id} ${wheel}`);
}

describe('wheels of the preset', () => {
  it('that are as its builds make them have nothing found in them', async () => {
    expect(await check([CUDA, ROCM, MAC, VISION])).toEqual([]);
  });

  it('that went wrong are told: the CPU build under the CUDA name, one built against another torch', async () => {
    const cpu = { ...CUDA, files: { 'torch/__init__.py': '' }, requiresDist: ['filelock'] };
    expect(await check([cpu, { ...VISION, requiresDist: ['torch==2.6.0', 'numpy'] }])).toEqual([
      'accelerator torch-2.7.0+cu126-cp313-cp313t-manylinux_2_28_x86_64.whl',
      'companion-version torchvision-0.22.0+cu126-cp313-cp313t-manylinux_2_28_x86_64.whl',
    ]);
  });

  it('on their way to PyPI have no local version, and are what the cell asks for', async () => {
    const staged = { ...CUDA, version: '2.7.0' };
    const pypi: WheelPlace = { channel: 'pypi', accelerator: 'cu126' };
    expect(await check([staged], pypi)).toEqual([]);
    expect(await check([{ ...ROCM, version: '2.7.0' }], pypi)).toEqual([
      'accelerator torch-2.7.0-cp313-cp313t-manylinux_2_28_x86_64.whl',
    ]);
    expect(await check([CUDA], pypi)).toHaveLength(2);
  });
});
