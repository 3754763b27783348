import { describe, expect, it } from 'vitest';
import { Pep440Version } from '../../../domain/pep440.ts';
import { admits } from '../../../domain/specifier.ts';
import { parseRequirement, type Requirement } from '../../../wheel/requirement.ts';
import { ProjectName } from '../../../wheel/simple-index/index.ts';
import { standInsFor } from '../../../wheel/stand-ins.ts';
import { targetOf } from '../../../wheel/install-target.ts';

const own = new Set([ProjectName.parse('torch'), ProjectName.parse('torch-vision')]);

function requirement(text: string): Requirement {
  const read = parseRequirement(text);
  if (!read.ok) throw new Error(`${text} is no requirement`);
  return read.value;
}

describe('stand-ins', () => {
  it.each([
    'filelock',
    'sympy>=1.13.3',
    'numpy<2',
    'pillow!=8.3.*,>=5.3.0',
    'networkx>1.0,<1.1',
    'fsspec~=2024.1',
    'triton==3.4.0; platform_system == "Linux"',
    'thing==1.2.*',
    'thing>=2.0rc1',
    'thing==1.0+cpu',
    'thing>1!2.0',
    'thing<=0.9,!=0.9',
    'extra[more]>=3',
  ])('hold a version that meets %s', (text) => {
    const { name, specifiers } = requirement(text);
    const versions = standInsFor([requirement(text)], own).filter((each) => each.name === name);
    expect(versions.some(({ version }) => admits(specifiers, Pep440Version.parse(version)))).toBe(true);
  });

  it('are of what is not of the train alone, each version once', () => {
    const made = standInsFor(['torch==2.8.0', 'Torch.Vision', 'numpy', 'NumPy>=1', 'numpy>=1'].map(requirement), own);
    expect(new Set(made.map(({ name }) => name))).toEqual(new Set(['numpy']));
    expect(new Set(made.map(({ version }) => version)).size).toBe(made.length);
  });

  it('cannot meet two conditions that exclude each other: that is a true answer', () => {
    const [below, above] = [requirement('numpy<2'), requirement('numpy>=2')];
    const made = standInsFor([below, above], own).map(({ version }) => Pep440Version.parse(version));
    expect(made.filter((each) => admits(below.specifiers, each) && admits(above.specifiers, each))).toEqual([]);
  });
});

describe('the machine that a wheel is for', () => {
  it('takes every older glibc, and the older names of it', () => {
    const target = targetOf('torch-2.8.0+cu126-cp313-cp313t-manylinux_2_28_x86_64.whl', '3.13t');
    expect(target).toMatchObject({ python: '3.13', abi: 'cp313t' });
    expect(target?.platforms.slice(0, 2)).toEqual(['manylinux_2_28_x86_64', 'manylinux_2_27_x86_64']);
    expect(target?.platforms).toEqual(
      expect.arrayContaining(['manylinux2014_x86_64', 'manylinux1_x86_64', 'linux_x86_64']),
    );
    expect(targetOf('a-1-cp39-cp39-manylinux2014_aarch64.whl', '3.9')?.platforms[0]).toBe('manylinux_2_17_aarch64');
  });

  it.each([
    [
      'torch-2.7.0-cp313-none-macosx_11_0_arm64.whl',
      '3.13',
      { python: '3.13', abi: 'cp313', platforms: ['macosx_11_0_arm64'] },
    ],
    ['torch-2.7.0-cp310-cp310-win_amd64.whl', '3.10', { python: '3.10', abi: 'cp310', platforms: ['win_amd64'] }],
    ['pure-1-py3-none-any.whl', '3.10', null],
  ])('of %s is %j', (file, python, target) => {
    expect(targetOf(file, python)).toEqual(target);
  });
});
