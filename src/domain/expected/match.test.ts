import { describe, expect, it } from 'vitest';
import { builtCells } from '../../testing/artifact-app.ts';
import { cellFinder, looseName, wheelForms } from './match.ts';

const finder = cellFinder(builtCells());
const found = (name: string): string | null => finder.find(name)?.key ?? null;

const CU126 = 'small/wheel/linux-x86_64/cu126/3.12';

describe('the cell of a file, by its name', () => {
  it.each([
    ['as it is expected', 'small-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl', CU126],
    ['with another allowed tag', 'small-2.8.0+cu126-cp312-cp312-manylinux2014_x86_64.whl', CU126],
    ['with both tags', 'small-2.8.0+cu126-cp312-cp312-manylinux2014_x86_64.manylinux_2_28_x86_64.whl', CU126],
    ['with a build tag', 'small-2.8.0+cu126-1-cp312-cp312-manylinux_2_28_x86_64.whl', CU126],
    ['with capitals', 'Small-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl', CU126],
    [
      'of a package of two words',
      'small_vision-0.23.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl',
      'small-vision/wheel/linux-x86_64/cpu/3.13',
    ],
    [
      'spelled with a dot',
      'small.vision-0.23.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl',
      'small-vision/wheel/linux-x86_64/cpu/3.13',
    ],
    ['of an archive', 'libsmall-shared-2.8.0+cpu.zip', 'small/libtorch/linux-x86_64/cpu/any/shared'],
  ])('is found: %s', (_what, name, key) => {
    expect(found(name)).toBe(key);
  });

  it.each([
    ['hyphen against underscore', 'small-vision-0.23.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl'],
    ['another version', 'small-2.8.1+cu126-cp312-cp312-manylinux_2_28_x86_64.whl'],
    // The dots of a pattern that is none: WHL-06.
    ['a version that only looks like it', 'small-2x8x0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl'],
    [
      'a tag that is not allowed besides one that is',
      'small-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.linux_x86_64.whl',
    ],
    ['two Pythons at once', 'small-2.8.0+cu126-cp312.cp313-cp312.cp313-manylinux_2_28_x86_64.whl'],
    ['no wheel', 'small-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl.metadata'],
    ['a build tag that is none', 'small-2.8.0+cu126-x1-cp312-cp312-manylinux_2_28_x86_64.whl'],
    ['no version of PEP 440', 'small-release-cp312-cp312-manylinux_2_28_x86_64.whl'],
    ['a tag set that blows up', `small-2.8.0+cu126-${'a.'.repeat(99)}a-${'b.'.repeat(99)}b-${'c.'.repeat(99)}c.whl`],
    ['a name without end', `small-2.8.0+cu126-cp312-cp312-${'x'.repeat(100_000)}.whl`],
    ['nothing', ''],
  ])('is none: %s', (_what, name) => {
    expect(found(name)).toBeNull();
  });
});

it('knows what is of the release and no cell', () => {
  expect(finder.isOfRelease('small-2.8.0+cu999-cp312-cp312-manylinux_2_28_x86_64.whl')).toBe(true);
  expect(finder.isOfRelease('libsmall-shared-2.8.0+cu999.zip')).toBe(true);
  expect(finder.isOfRelease('small-2.7.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl')).toBe(false);
  expect(finder.isOfRelease('small_text-2.8.0-py3-none-any.whl')).toBe(false);
  expect(finder.isOfRelease('libsmall-shared-2.7.0+cpu.zip')).toBe(false);
  expect(finder.isOfRelease('libsmall-shared-2.8.01+cpu.zip')).toBe(false);
  expect(finder.isOfRelease('libsmall-shared-2.8.0+cpu.zip.sha256')).toBe(false);
});

it('takes what is easily confused for the same', () => {
  expect(looseName('Small-Vision-0.23.0%2Bcpu.whl')).toBe(looseName('small_vision-0.23.0+cpu.whl'));
  expect(wheelForms('a-1-py2.py3-none-any.whl')).toEqual(['a-1-py2-none-any.whl', 'a-1-py3-none-any.whl']);
});
