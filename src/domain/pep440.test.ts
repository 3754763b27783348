import { describe, expect, it } from 'vitest';
import { CalendarDate } from './instant.ts';
import {
  comparePep440,
  localOf,
  nightlyVersion,
  parsePep440,
  Pep440Version,
  taggedVersion,
  withoutLocal,
} from './pep440.ts';
import { parseTag } from './version.ts';

const cuda = { system: 'linux', accelerator: 'cu126' } as const;
const mac = { system: 'darwin', accelerator: 'cpu' } as const;
const day = CalendarDate.parse('2025-08-01');
const version = (text: string): Pep440Version => Pep440Version.parse(text);

describe('VER-03 versions that are built', () => {
  it('date a nightly and name its accelerator', () => {
    expect(nightlyVersion('2.9.0a0\n', day, cuda)).toBe('2.9.0.dev20250801+cu126');
  });

  it('name no accelerator on darwin', () => {
    expect(nightlyVersion('2.9.0a0', day, mac)).toBe('2.9.0.dev20250801');
  });

  it('follow the tag, whatever the version file says', () => {
    const tag = parseTag('v1.6.0-rc1');
    expect(tag === null ? null : taggedVersion(tag, cuda)).toBe('1.6.0+cu126');
  });

  it('do not come out of a version file that holds no version', () => {
    expect(nightlyVersion('<<<<<<< HEAD', day, cuda)).toBeNull();
  });
});

describe('the normal form', () => {
  it.each([
    ['2.8.0RC1', '2.8.0rc1'],
    ['v2.8.0', '2.8.0'],
    ['2.8.0-alpha.3', '2.8.0a3'],
    ['2.8.0.beta', '2.8.0b0'],
    ['2.8.0c2', '2.8.0rc2'],
    ['2.8.0-preview_4', '2.8.0rc4'],
    ['2.8.0-1', '2.8.0.post1'],
    ['2.8.0.rev3', '2.8.0.post3'],
    ['2.8.0.DEV20250801+CU126', '2.8.0.dev20250801+cu126'],
    ['2.8.0+ubuntu_1-007.Ab', '2.8.0+ubuntu.1.7.ab'],
    ['1!02.08', '1!2.8'],
    ['2.8.0a1.post2.dev3+x', '2.8.0a1.post2.dev3+x'],
    ['2.8.0+000', '2.8.0+0'],
  ])('of %s is %s', (text, normal) => {
    expect(version(text)).toBe(normal);
    expect(version(normal)).toBe(normal);
  });

  it.each(['', 'two', '2..8', '2.8+', '2.8.0+a..b', '2.8.0 beta two', '-2.8', '1'.repeat(300), `2.${'9'.repeat(40)}`])(
    'is refused for %j',
    (text) => {
      expect(parsePep440(text)).toBeNull();
    },
  );
});

describe('order', () => {
  it('is that of PEP 440', () => {
    const ordered = [
      '2.8.0.dev1',
      '2.8.0a1',
      '2.8.0b1',
      '2.8.0rc1',
      '2.8.0rc10',
      '2.8.0',
      '2.8.0+cpu',
      '2.8.0.post1',
      '2.9.0.dev1',
      '2.10.0',
      '1!0.1',
    ].map(version);
    expect(ordered.toReversed().toSorted(comparePep440)).toEqual(ordered);
  });

  it('knows the local part, and can leave it out', () => {
    expect(localOf(version('2.8.0+rocm6.3'))).toBe('rocm6.3');
    expect(localOf(version('2.8.0'))).toBeNull();
    expect(withoutLocal(version('2.8.0+rocm6.3'))).toBe('2.8.0');
  });
});
