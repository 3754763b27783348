import { describe, expect, it } from 'vitest';
import { CellKey } from '../../../domain/artifact.ts';
import { Digest } from '../../../domain/canonical-json.ts';
import { expectedArtifacts } from '../../../domain/expected/expected.ts';
import { Instant } from '../../../domain/instant.ts';
import type { Job } from '../../../domain/jobs.ts';
import { compareManifests, sealManifest, type Manifest } from '../../../domain/manifest.ts';
import { known, unknown } from '../../../domain/observation.ts';
import { StoreKey } from '../../../domain/store-key.ts';
import { reposOf } from '../../../domain/train/naming.ts';
import { CandidateVersion } from '../../../domain/version.ts';
import { BUILT_RELEASE, builtCells, builtTrain, COMMITTED } from '../../../testing/artifact-app.ts';
import { fakeId } from '../../../testing/memory-git.ts';
import { sha256Of } from '../../../testing/memory-store.ts';
import { decideComplete } from './decide.ts';
import type { ArtifactFacts, CandidateTag, FoundFile, PlaceFacts } from './facts.ts';
import type { RecordedBefore } from './match.ts';
import { decideManifest, explainRecord } from './record.ts';

const NOW = Instant.parse('2025-06-24T14:00:00Z');
const LATER = Instant.parse('2025-01-01T00:00:00Z');
const RC1 = CandidateVersion.parse('2.8.0-rc1');

const file = (key: string, more: Partial<FoundFile> = {}): FoundFile => ({
  key: StoreKey.parse(key),
  folder: key.includes('/') ? key.slice(0, key.lastIndexOf('/')) : '',
  name: key.slice(key.lastIndexOf('/') + 1),
  size: 100,
  digest: sha256Of(key),
  modified: LATER,
  ...more,
});

const filesOf = (kind: string): readonly FoundFile[] =>
  builtCells()
    .filter(({ cell }) => cell.kind === kind)
    .map(({ folder, file: name }) => file(`${folder}/${name}`));

interface World {
  readonly wheels?: readonly FoundFile[];
  readonly mirror?: PlaceFacts['content'] | readonly FoundFile[] | null;
  readonly libs?: PlaceFacts['content'];
  readonly tag?: Partial<CandidateTag>;
  readonly strange?: readonly string[];
  readonly jobs?: readonly Job[];
}

const place = (
  name: string,
  holds: PlaceFacts['holds'],
  content: PlaceFacts['content'],
  isMirror = false,
): PlaceFacts => ({ name, holds, content, isMirror });

/** The files of rc1 as they should be, but for what is said. */
function facts({
  wheels = filesOf('wheel'),
  mirror = null,
  libs,
  tag = {},
  strange = [],
  jobs,
}: World = {}): ArtifactFacts {
  const read = (files: readonly FoundFile[]): PlaceFacts['content'] => known({ files, strange }, NOW, 'test');
  const mirrored = mirror === null ? [] : [place('mirror', 'wheel', 'known' in mirror ? mirror : read(mirror), true)];
  return {
    release: BUILT_RELEASE,
    candidate: RC1,
    channel: 'test',
    expectation: expectedArtifacts(builtTrain, BUILT_RELEASE),
    repos: reposOf(builtTrain, BUILT_RELEASE).map((repo) => ({
      repo,
      tag: known(
        {
          candidate: CandidateVersion.parse(`${repo.release}-rc1`),
          commit: fakeId(`${repo.key} rc1`),
          committedAt: COMMITTED,
          jobs: jobs === undefined ? null : known(jobs, NOW, 'forge'),
          ...tag,
        },
        NOW,
        'git',
      ),
    })),
    places: [
      place('test', 'wheel', read(wheels)),
      place('libs', 'libtorch', libs ?? read(filesOf('libtorch'))),
      ...mirrored,
    ],
  };
}

const NOTHING: RecordedBefore = { current: null, before: null };

function gates(of: ArtifactFacts, recorded = NOTHING) {
  return decideComplete(of, { train: builtTrain, recorded, waivers: [], now: NOW });
}

/** The gate of core: verdict, summary, and the evidence that tells of faults. */
function told(world: World, recorded = NOTHING): readonly string[] {
  const [core] = gates(facts(world), recorded);
  if (core === undefined) throw new Error('core has no gate');
  return [
    `${core.verdict}: ${core.summary}`,
    ...core.evidence.map(({ text }) => text).filter((text) => /^[a-z ]+: /.test(text)),
  ];
}

const CU126 = 'cu126/small-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl';
const without = (...keys: readonly string[]) => filesOf('wheel').filter(({ key }) => !keys.includes(key));
const changed = (key: string, more: Partial<FoundFile>) =>
  filesOf('wheel').map((each) => (each.key === key ? { ...each, ...more } : each));

const manifestOf = (of: ArtifactFacts, candidate = RC1): Manifest => {
  const decided = decideManifest(of, {
    train: builtTrain,
    candidate,
    recorded: NOTHING,
    gates: gates(of),
    read: new Map(),
    requires: new Map(),
    replace: false,
  });
  if (!decided.ok) throw new Error(decided.problems.map(explainRecord).join('\n'));
  return decided.value.manifest;
};

const job = (state: Job['state']): Job => ({
  name: 'build / 3.12',
  state,
  attempts: 1,
  startedAt: null,
  finishedAt: null,
  link: null,
});

const record = (world: World, more: Partial<Parameters<typeof decideManifest>[1]> = {}) => {
  const of = facts(world);
  return decideManifest(of, {
    train: builtTrain,
    candidate: RC1,
    recorded: NOTHING,
    gates: gates(of, more.recorded),
    read: new Map(),
    requires: new Map(),
    replace: false,
    ...more,
  });
};

describe('artifacts-complete', () => {
  it('passes with every expected file there once, with its digest, and none besides', () => {
    expect(gates(facts()).map(({ id, verdict, summary }) => `${id} ${verdict}: ${summary}`)).toEqual([
      'artifacts-complete:core pass: 7 of 7 files of core 2.8.0-rc1 in test, each once and with its digest',
      'artifacts-complete:vision pass: 6 of 6 files of vision 0.23.0-rc1 in test, each once and with its digest',
    ]);
  });

  it.each<readonly [string, World, readonly string[]]>([
    [
      'one cell missing',
      { wheels: without(CU126) },
      [
        'failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 missing',
        `missing: small/wheel/linux-x86_64/cu126/3.12, ${CU126}`,
      ],
    ],
    [
      'a wheel of another version',
      { wheels: [...without(CU126), file('cu126/small-2.7.9+cu126-cp312-cp312-manylinux_2_28_x86_64.whl')] },
      [
        'failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 missing',
        `missing: small/wheel/linux-x86_64/cu126/3.12, ${CU126}; there is cu126/small-2.7.9+cu126-cp312-cp312-manylinux_2_28_x86_64.whl`,
      ],
    ],
    [
      'files of the release before, which belong there',
      {
        wheels: [
          ...filesOf('wheel'),
          file('cu126/small-2.7.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl', {
            modified: Instant.parse('2024-06-01T00:00:00Z'),
          }),
        ],
      },
      ['pass: 7 of 7 files of core 2.8.0-rc1 in test, each once and with its digest'],
    ],
    [
      'a file for an accelerator that is not built',
      { wheels: [...filesOf('wheel'), file('cu999/small-2.8.0+cu999-cp312-cp312-manylinux_2_28_x86_64.whl')] },
      [
        'failing: 7 of 7 files of core 2.8.0-rc1 in test; 1 surplus',
        'surplus: cu999/small-2.8.0+cu999-cp312-cp312-manylinux_2_28_x86_64.whl is no expected file',
      ],
    ],
    [
      'two files for one cell',
      { wheels: [...filesOf('wheel'), file('cu126/small-2.8.0+cu126-1-cp312-cp312-manylinux_2_28_x86_64.whl')] },
      [
        'failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 twice',
        `twice: small/wheel/linux-x86_64/cu126/3.12: ${CU126}, cu126/small-2.8.0+cu126-1-cp312-cp312-manylinux_2_28_x86_64.whl`,
      ],
    ],
    [
      'the CPU wheel in the folder of CUDA',
      {
        wheels: [
          ...without('cpu/small-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl'),
          file('cu126/small-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl'),
        ],
      },
      [
        'failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 misplaced',
        'misplaced: cu126/small-2.8.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl belongs in cpu',
      ],
    ],
    [
      'a file stored without its digest',
      { wheels: changed(CU126, { digest: null }) },
      [
        'failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 no digest',
        `no digest: ${CU126} was stored without its sha256`,
      ],
    ],
    [
      'an empty file',
      { wheels: changed(CU126, { size: 0 }) },
      ['failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 empty', `empty: ${CU126} has no bytes`],
    ],
    [
      'a file that is older than its commit',
      { wheels: changed(CU126, { modified: Instant.parse('2024-11-30T00:00:00Z') }) },
      [
        'failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 stale',
        `stale: ${CU126}: written 2024-11-30T00:00:00Z, before its commit was made (2024-12-01T00:00:00Z)`,
      ],
    ],
    [
      'a mirror that lacks one file',
      { mirror: without(CU126) },
      ['failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 mirror', `mirror: mirror lacks ${CU126}`],
    ],
    [
      'a mirror with other bytes',
      { mirror: changed(CU126, { digest: sha256Of('other') }) },
      ['failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 mirror', `mirror: mirror has other bytes of ${CU126}`],
    ],
    [
      'a mirror that is whole',
      { mirror: filesOf('wheel') },
      ['pass: 7 of 7 files of core 2.8.0-rc1 in test, each once and with its digest'],
    ],
  ])('tells of %s', (_what, world, texts) => {
    expect(told(world)).toEqual(texts);
  });

  it('fails where a pattern matches nothing at all, instead of having nothing to do', () => {
    const [first, ...rest] = told({ wheels: [] });
    expect(first).toBe('failing: 1 of 7 files of core 2.8.0-rc1 in test; 6 missing');
    expect(rest).toHaveLength(6);
  });

  it('names a file that was spelled with a hyphen where an underscore belongs', () => {
    const right = 'cpu/small_vision-0.23.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl';
    const wrong = 'cpu/small-vision-0.23.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl';
    const vision = gates(facts({ wheels: [...without(right), file(wrong)] }))[1];
    expect(vision?.verdict).toBe('failing');
    expect(vision?.evidence[0]?.text).toBe(
      `missing: small-vision/wheel/linux-x86_64/cpu/3.12, ${right}; there is ${wrong}`,
    );
  });

  it.each([
    [
      'the channel cannot be read',
      { libs: unknown('403: not allowed', NOW, 'libs') },
      '1 could not be looked at: 403: not allowed',
    ],
    [
      'a mirror cannot be read',
      { mirror: unknown('timed out', NOW, 'mirror') },
      '6 could not be looked at: the mirror mirror could not be read',
    ],
  ])('has no data while %s', (_what, world, text) => {
    expect(told(world)[0]).toContain('no-data: ');
    expect(told(world)[0]).toContain(text);
  });

  it('has no data where the channel has no place for a kind', () => {
    const whole = facts();
    const [core] = gates({ ...whole, places: whole.places.filter(({ holds }) => holds !== 'libtorch') });
    expect(core?.verdict).toBe('no-data');
    expect(core?.summary).toContain('channel test has no place for libtorch files that can be read');
  });

  it('waits while the builds run, and fails once they are done', () => {
    const wheels = without(CU126);
    expect(told({ wheels, jobs: [job('running')] })[0]).toBe(
      'running: 6 of 7 files of core 2.8.0-rc1 in test; 1 missing; builds are running',
    );
    expect(told({ wheels, jobs: [job('green')] })[0]).toContain('failing: ');
    const surplus = [...wheels, file('cu999/small-2.8.0+cu999-cp312-cp312-manylinux_2_28_x86_64.whl')];
    expect(told({ wheels: surplus, jobs: [job('running')] })[0]).toContain('failing: ');
  });

  it('is queued before there is a candidate, and has no data where tags cannot be read', () => {
    const whole = facts();
    const [core, vision] = whole.repos;
    if (core === undefined || vision === undefined) throw new Error('two repositories build packages');
    const repos = [
      { ...core, tag: unknown('could not resolve host', NOW, 'git') },
      { ...vision, tag: known(null, NOW, 'git') },
    ];
    expect(gates({ ...whole, repos }).map(({ verdict, fix }) => [verdict, fix])).toEqual([
      ['no-data', 'make it readable, then signalbox gate run 2.8.0 artifacts-complete:core'],
      ['queued', 'signalbox rc cut vision 2.8.0'],
    ]);
  });

  it('tells of names in the store that are none', () => {
    const [core] = gates(facts({ strange: ['../x'] }));
    expect(core?.evidence.map(({ text }) => text)).toContain(
      'test was listed; 1 of its names cannot be asked for: "../x"',
    );
  });

  it('fails on a file of the candidate before, when the commit is another one', () => {
    const before = manifestOf(facts());
    const next = facts({ tag: { candidate: CandidateVersion.parse('2.8.0-rc2'), commit: fakeId('core rc2') } });
    const fresh = filesOf('wheel').map((each) =>
      each.key === CU126 ? each : { ...each, digest: sha256Of(`${each.key} again`) },
    );
    const places = next.places.map((each) =>
      each.name === 'test' ? place('test', 'wheel', known({ files: fresh, strange: [] }, NOW, 'test')) : each,
    );
    const [core] = gates({ ...next, places }, { current: null, before });
    expect(core?.evidence.slice(0, 2).map(({ text }) => text)).toEqual([
      `stale: ${CU126}: still the file of v2.8.0-rc1`,
      'stale: cpu/libsmall-shared-2.8.0+cpu.zip: still the file of v2.8.0-rc1',
    ]);
  });

  it('fails on a file that is not the recorded one any more', () => {
    const current = manifestOf(facts());
    const texts = told({ wheels: changed(CU126, { digest: sha256Of('tampered') }) }, { current, before: null });
    expect(texts).toEqual([
      'failing: 6 of 7 files of core 2.8.0-rc1 in test; 1 changed',
      `changed: ${CU126} is not ${sha256Of(CU126)} any more, as it was recorded`,
    ]);
  });
});

describe('the manifest of a candidate', () => {
  it('holds each cell with its file, commit and run, and has one digest however the files were listed', () => {
    const jobs: readonly Job[] = [
      {
        name: 'build / 3.12 cu126 linux-x86_64',
        state: 'green',
        attempts: 1,
        startedAt: null,
        finishedAt: null,
        link: 'https://forge/run/1',
      },
    ];
    const one = record({ jobs });
    const other = record({ jobs, wheels: filesOf('wheel').toReversed() });
    expect(one.ok && other.ok && one.value.digest === other.value.digest).toBe(true);
    const manifest = one.ok ? one.value.manifest : null;
    expect(manifest?.files).toHaveLength(13);
    expect(manifest?.files.find(({ key }) => key === CU126)).toEqual({
      cell: 'small/wheel/linux-x86_64/cu126/3.12',
      repo: 'core',
      key: CU126,
      size: 100,
      digest: sha256Of(CU126),
      run: { job: 'build / 3.12 cu126 linux-x86_64', link: 'https://forge/run/1' },
      requires: null,
    });
    expect(manifest?.repos).toEqual([
      { repo: 'core', candidate: '2.8.0-rc1', commit: fakeId('core rc1') },
      { repo: 'vision', candidate: '0.23.0-rc1', commit: fakeId('vision rc1') },
    ]);
  });

  it('is refused while a file is missing', () => {
    const answer = record({ wheels: without(CU126) });
    expect(answer.ok ? '' : explainRecord(answer.problems[0])).toContain(
      'artifacts-complete:core is closed (6 of 7 files',
    );
  });

  it('takes the digests of bytes that were read, and refuses one that the store tells otherwise', () => {
    const bare = { wheels: changed(CU126, { digest: null }) };
    const key = StoreKey.parse(CU126);
    const read = record(bare, { read: new Map([[key, sha256Of('bytes')]]) });
    expect(read.ok && read.value.manifest.files.find((each) => each.key === CU126)?.digest).toBe(sha256Of('bytes'));
    const lie = record({}, { read: new Map([[key, sha256Of('bytes')]]) });
    expect(lie.ok ? [] : lie.problems).toEqual([
      { code: 'digest-lies', key: CU126, told: sha256Of(CU126), read: sha256Of('bytes') },
    ]);
  });

  it('never changes unless somebody answers for it', () => {
    const recorded = { current: manifestOf(facts()), before: null };
    const world = { wheels: changed(CU126, { digest: sha256Of('again') }) };
    const refused = record(world, { recorded });
    expect(refused.ok ? '' : explainRecord(refused.problems[0])).toContain(
      '1 files of 2.8.0-rc1 are not those that were recorded',
    );
    expect(refused.ok ? [] : refused.problems.map(({ code }) => code)).toEqual(['would-change']);
    const replaced = record(world, { recorded, replace: true });
    const difference = replaced.ok ? compareManifests(recorded.current, replaced.value.manifest) : null;
    expect(difference?.changed.map(({ after }) => after.cell)).toEqual(['small/wheel/linux-x86_64/cu126/3.12']);
    expect(difference?.same).toHaveLength(12);
  });

  it('is of the newest candidate only', () => {
    const answer = record({}, { candidate: CandidateVersion.parse('2.8.0-rc2') });
    expect(answer.ok ? '' : explainRecord(answer.problems[0])).toBe(
      'There is no candidate 2.8.0-rc2, or it is not the newest: the channel holds the files of 2.8.0-rc1.',
    );
  });

  it('differs from another in what came, went and changed', () => {
    const base = manifestOf(facts());
    const [first, second, ...rest] = base.files;
    if (first === undefined || second === undefined) throw new Error('a manifest has files');
    const extra = { ...first, cell: CellKey.parse('small/wheel/any/any/any') };
    const { manifest } = sealManifest({
      ...base,
      files: [...rest, { ...second, digest: Digest.parse(sha256Of('x')) }, extra],
    });
    const difference = compareManifests(base, manifest);
    expect(difference.removed).toEqual([first]);
    expect(difference.added).toEqual([extra]);
    expect(difference.changed.map(({ before }) => before)).toEqual([second]);
    expect(difference.same).toHaveLength(rest.length);
  });
});
