import { describe, expect, it } from 'vitest';
import { Digest } from '../../domain/canonical-json.ts';
import { Instant } from '../../domain/instant.ts';
import { RepoKey } from '../../domain/repo.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { explainUpload, planUploads, uploadSteps, yankStep, type FileOnIndex, type FileToUpload } from './upload.ts';

const digest = (letter: string): Digest => Digest.parse(`sha256:${letter.repeat(64)}`);
const NOW = Instant.parse('2026-07-28T16:00:00Z');

const file = (name: string, changes: Partial<FileToUpload> = {}): FileToUpload => ({
  repo: RepoKey.parse('core'),
  project: 'torch',
  version: '2.8.0',
  name,
  size: 100,
  digest: digest('a'),
  from: { channel: 'staging', place: 0, key: StoreKey.parse(`v2.8.0-rc3/${name}`) },
  fileLimit: 1000,
  ...changes,
});

const there = (name: string, changes: Partial<FileOnIndex> = {}): FileOnIndex => ({
  project: 'torch',
  version: '2.8.0',
  name,
  digest: digest('a'),
  uploadedAt: Instant.parse('2026-07-28T15:00:00Z'),
  yanked: null,
  ...changes,
});

const plan = (files: readonly FileToUpload[], onIndex: readonly FileOnIndex[], now = NOW) =>
  planUploads({ files, onIndex, now, lateFileDays: 14 });

describe('what is uploaded', () => {
  it('is what the index has not; what it has with the same bytes is adopted', () => {
    const work = plan([file('a.whl'), file('b.whl')], [there('a.whl')]);
    expect(work.todo.map(({ name }) => name)).toEqual(['b.whl']);
    expect(work.there.map(({ name }) => name)).toEqual(['a.whl']);
    expect(work.problems).toEqual([]);
  });

  it('is nothing at all when a name has other bytes: it is used up for ever', () => {
    const [problem] = plan([file('a.whl')], [there('a.whl', { digest: digest('b') })]).problems;
    expect(problem).toMatchObject({ code: 'upload-other-bytes', found: digest('b') });
    expect(plan([file('a.whl')], [there('a.whl', { digest: null })]).problems).toMatchObject([
      { code: 'upload-other-bytes', found: null },
    ]);
  });

  it('is told to be too large before any byte goes out (WHL-07)', () => {
    const work = plan([file('a.whl', { size: 1001 }), file('b.whl', { size: 1000 })], []);
    expect(work.problems).toMatchObject([{ code: 'upload-too-large', limit: 1000, file: { name: 'a.whl' } }]);
    expect(plan([file('a.whl', { size: 10 ** 12, fileLimit: null })], []).problems).toEqual([]);
  });

  it('is held against files of the version that nobody decided on', () => {
    expect(plan([file('a.whl')], [there('c.whl')]).problems).toMatchObject([
      { code: 'upload-stranger', name: 'c.whl', version: 'torch 2.8.0' },
    ]);
  });

  it('is refused once the window for late files is over, to the second', () => {
    const first = Instant.parse('2026-07-01T00:00:00Z');
    const onIndex = [there('a.whl', { uploadedAt: first })];
    const files = [file('a.whl'), file('b.whl')];
    const last = Instant.parse('2026-07-14T23:59:59Z');
    expect(plan(files, onIndex, last).problems).toEqual([]);
    expect(plan(files, onIndex, Instant.parse('2026-07-15T00:00:00Z')).problems).toMatchObject([
      { code: 'upload-late', first, until: '2026-07-15T00:00:00.000Z', files: 1 },
    ]);
    // Another version has a window of its own.
    const other = [file('c.whl', { project: 'vision' })];
    expect(plan([file('a.whl'), ...other], onIndex, Instant.parse('2026-09-01T00:00:00Z')).problems).toEqual([]);
  });

  it('adds nothing to a version that was yanked', () => {
    const work = plan([file('a.whl'), file('b.whl')], [there('a.whl', { yanked: 'broken' })]);
    expect(work.problems).toMatchObject([{ code: 'upload-yanked', version: 'torch 2.8.0', reason: 'broken' }]);
    expect(plan([file('a.whl')], [there('a.whl', { yanked: '' })]).problems).toEqual([]);
  });

  it('says each of these in words that name the file and what to do', () => {
    const problems = [
      ...plan([file('a.whl')], [there('a.whl', { digest: null })]).problems,
      ...plan([file('a.whl', { size: 1001 })], [there('c.whl')]).problems,
      ...plan([file('b.whl')], [there('a.whl', { yanked: '' })], Instant.parse('2027-01-01T00:00:00Z')).problems,
    ];
    expect(problems.map((problem) => explainUpload(problem, 'pypi'))).toMatchInlineSnapshot(`
      [
        "a.whl is on pypi with a digest that it does not tell, and sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa is staged. A name on an index is used up for ever: this needs another version. Find out who uploaded it.",
        "a.whl has 1001 bytes and pypi takes 1000. Have the limit raised, write it into the train file, and plan again. Nothing was uploaded.",
        "c.whl is on pypi as a file of torch 2.8.0, and the candidate has no such file. Somebody uploads beside you: find out who, and whether it may stay, before anything else goes there.",
        "a.whl is on pypi as a file of torch 2.8.0, and the candidate has no such file. Somebody uploads beside you: find out who, and whether it may stay, before anything else goes there.",
        "torch 2.8.0 got its first file on pypi at 2026-07-28T15:00:00Z; files can be added until 2026-08-11T15:00:00.000Z. 1 file comes too late: this needs another version.",
        "torch 2.8.0 is yanked on pypi. Nothing is added to what was taken out of use: release another version.",
      ]
    `);
  });
});

describe('the steps', () => {
  it('go out one after the other, and end with the look at the index', () => {
    const work = { todo: [file('a.whl'), file('b.whl')], there: [file('c.whl', { project: 'vision' })] };
    const steps = uploadSteps(work, { channel: 'pypi', place: 0, wave: 3 });
    expect(steps.map(({ kind, wave, reversible }) => [kind, wave, reversible])).toEqual([
      ['upload-file', 3, 'never'],
      ['upload-file', 4, 'never'],
      ['read-back', 5, 'yes'],
      ['read-back', 5, 'yes'],
    ]);
    expect(new Set(steps.map(({ key }) => key)).size).toBe(4);
  });

  it('of a yank can be taken back by a person only', () => {
    const step = yankStep({ ...file('a.whl'), reason: 'broken' }, { channel: 'pypi', place: 0, wave: 0 });
    expect(step).toMatchObject({ reversible: 'partly', reason: 'broken', project: 'torch', version: '2.8.0' });
  });
});
