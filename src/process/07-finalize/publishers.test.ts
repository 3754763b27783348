import { describe, expect, it } from 'vitest';
import { Pep440Version } from '../../domain/pep440.ts';
import type { FileProvenance } from '../../ports/package-index.ts';
import { judgePublishers, type ProjectPublishers, type PublishedVersion } from './publishers.ts';

const publisher = { kind: 'GitHub', repository: 'acme/acme', workflow: 'release.yml', environment: 'pypi' };
const by = (changes: Partial<typeof publisher> = {}): FileProvenance => ({
  told: 'publishers',
  publishers: [{ ...publisher, ...changes }],
});
const NONE: FileProvenance = { told: 'none' };
const NOTHING: FileProvenance = { told: 'nothing' };

const version = (text: string, ...told: readonly FileProvenance[]): PublishedVersion => ({
  version: Pep440Version.parse(text),
  files: told.map((provenance, number) => ({ name: `acme-${text}-${number}.whl`, provenance })),
});

const EXPECTED = [{ kind: 'GitHub', repository: 'acme/acme', workflow: 'release.yml' }];
const judge = (changes: Partial<ProjectPublishers>) =>
  judgePublishers([{ project: 'acme', expected: EXPECTED, judged: [], earlier: null, ...changes }]);

describe('who published earlier releases', () => {
  it('is whom the train names, whatever case the name of the repository is in', () => {
    expect(judge({ judged: [version('2.7.0', by(), by({ repository: 'Acme/acme' }))] })).toEqual({
      faults: [],
      notes: [
        'acme 2.7.0: acme-2.7.0-0.whl published by GitHub acme/acme, release.yml in pypi, as the train says',
        'acme 2.7.0: acme-2.7.0-1.whl published by GitHub Acme/acme, release.yml in pypi, as the train says',
      ],
    });
  });

  it.each([
    ['another repository', by({ repository: 'evil/acme' }), 'GitHub evil/acme, release.yml in pypi'],
    ['another workflow', by({ workflow: 'tests.yml' }), 'GitHub acme/acme, tests.yml in pypi'],
    ['another forge', by({ kind: 'GitLab' }), 'GitLab acme/acme, release.yml in pypi'],
  ])('is a fault where it is %s', (_what, provenance, name) => {
    const { faults, notes } = judge({ judged: [version('2.7.0', by(), provenance)] });
    expect(faults).toEqual([
      `acme 2.7.0: acme-2.7.0-1.whl published by ${name}; the train expects GitHub acme/acme, release.yml. Find out who published it`,
    ]);
    expect(notes).toHaveLength(1);
  });

  it('is a fault for a file of this very release that is there already', () => {
    const { faults } = judge({ judged: [version('2.8.0', by({ repository: 'evil/acme' })), version('2.7.0', by())] });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('acme 2.8.0: acme-2.8.0-0.whl published by GitHub evil/acme');
  });

  it('holds an environment against the file where the train names one', () => {
    const expected = [{ ...publisher, environment: 'other' }];
    expect(judge({ expected, judged: [version('2.7.0', by())] }).faults).toHaveLength(1);
    expect(judge({ expected: [...expected, ...EXPECTED], judged: [version('2.7.0', by())] }).faults).toEqual([]);
  });

  it.each([
    [
      'of a whole release',
      { judged: [version('2.7.0', NONE, NONE)], earlier: version('2.6.0', by()) },
      '2 files, acme-2.7.0-0.whl first,',
    ],
    ['of one file', { judged: [version('2.7.0', by(), NONE)] }, 'acme-2.7.0-1.whl'],
  ])('is a fault where the provenance %s disappeared', (_what, changes, files) => {
    expect(judge(changes).faults).toEqual([
      `acme 2.7.0: ${files} published without provenance, which others of the project have: it disappeared. Find out who published it, and how`,
    ]);
    const untold = judge({ ...changes, expected: [] });
    expect(untold.faults).toEqual([]);
    expect(untold.notes.join()).toContain('it disappeared');
  });

  it('is told and closes nothing where there never was provenance, where the index does not speak of it, or where nothing was published', () => {
    expect(judge({ judged: [version('2.7.0', NONE)], earlier: version('2.6.0', NONE) })).toEqual({
      faults: [],
      notes: ['acme 2.7.0: acme-2.7.0-0.whl published without provenance'],
    });
    expect(judge({ judged: [version('2.7.0', NOTHING)], earlier: version('2.6.0', by()) })).toEqual({
      faults: [],
      notes: ['acme 2.7.0: the index does not tell who published acme-2.7.0-0.whl'],
    });
    expect(judge({})).toEqual({ faults: [], notes: ['acme: no earlier release on the index says who publishes'] });
  });

  it('is told with the change from the release before where the train names nobody', () => {
    const changed = { judged: [version('2.7.0', by({ repository: 'evil/acme' }))], earlier: version('2.6.0', by()) };
    expect(judge({ expected: [], ...changed })).toEqual({
      faults: [],
      notes: [
        'acme 2.7.0: acme-2.7.0-0.whl published by GitHub evil/acme, release.yml in pypi, and the release before by GitHub acme/acme, release.yml in pypi. Look whether that is right',
      ],
    });
  });
});
