import { expect, it } from 'vitest';
import { ReleaseVersion } from './version.ts';
import { sayVersionFile, wrongVersionFiles } from './version-file.ts';

it.each([
  ['2.8.0\n', true],
  ['v2.8', true],
  ['2.8.0a0', false],
  ['2.8.1', false],
  ['2.80', false],
  ['', false],
  [null, false],
])('VER-04: a version file that holds %j agrees with 2.8.0: %s', (content, agrees) => {
  const file = { path: 'version.txt', content };
  expect(wrongVersionFiles([file], ReleaseVersion.parse('2.8.0'))).toEqual(agrees ? [] : [file]);
});

it('says what a version file holds, at most its beginning', () => {
  expect(sayVersionFile({ path: 'version.txt', content: null })).toBe('version.txt is missing or not text');
  expect(sayVersionFile({ path: 'version.txt', content: `"\u001b${'x'.repeat(99)}` }).length).toBeLessThan(90);
});
