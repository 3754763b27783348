import { expect, it } from 'vitest';
import { fakeId } from '../testing/memory-git.ts';
import { RefName } from './git-names.ts';
import { candidatesIn, releasesIn } from './release-tags.ts';

const refs = [
  'refs/heads/v2.8.0-rc9',
  'refs/tags/v2.8.0-rc2',
  'refs/tags/v2.8.0-rc10',
  'refs/tags/v2.8.0-rc01',
  'refs/tags/v2.9.0',
  'refs/tags/v2.10.0',
  'refs/tags/2.11.0',
].map((name) => ({
  ref: RefName.parse(name),
  id: fakeId(name),
  peeled: name.endsWith('rc2') ? fakeId('behind') : null,
}));

it('finds the candidates among refs, newest first, with the commit behind an annotated tag (VER-01)', () => {
  expect(candidatesIn(refs)).toEqual([
    { ref: 'refs/tags/v2.8.0-rc10', candidate: '2.8.0-rc10', commit: fakeId('refs/tags/v2.8.0-rc10') },
    { ref: 'refs/tags/v2.8.0-rc2', candidate: '2.8.0-rc2', commit: fakeId('behind') },
  ]);
});

it('finds the releases that are tagged, by number and not by text', () => {
  expect(releasesIn(refs)).toEqual(['2.10.0', '2.9.0']);
});
