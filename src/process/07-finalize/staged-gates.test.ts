import { describe, expect, it } from 'vitest';
import { Digest } from '../../domain/canonical-json.ts';
import { Instant } from '../../domain/instant.ts';
import { known, unknown, type Observed } from '../../domain/observation.ts';
import { candidateOf } from '../../domain/version.ts';
import { RELEASE, smallTrain } from '../../testing/small-train.ts';
import type { PublisherFindings } from './publishers.ts';
import { decideStaged, decideStagedValid, type CheckedWheel, type ProjectOnIndex } from './staged-gates.ts';

const NOW = Instant.parse('2026-07-28T16:00:00Z');
const train = smallTrain(
  {},
  {
    channels: {
      staging: { title: 'Staging', write: 'append', places: [] },
      pypi: { title: 'PyPI', write: 'once', places: [] },
    },
    promotion: { staging: 'staging', pypi: 'pypi' },
  },
);
const judging = { train, waivers: [], now: NOW };
const digest = (letter: string): Digest => Digest.parse(`sha256:${letter.repeat(64)}`);
const MIB = 1024 ** 2;

const wheel = (changes: Partial<CheckedWheel> = {}): CheckedWheel => ({
  name: 'acme-2.8.0-cp313-cp313-win_amd64.whl',
  project: 'acme',
  size: 10 * MIB,
  digest: digest('a'),
  fileLimit: 20 * MIB,
  projectLimit: 100 * MIB,
  state: 'read',
  faults: [],
  ...changes,
});

const project = (changes: Partial<ProjectOnIndex> = {}): ProjectOnIndex => ({
  project: 'acme',
  size: 0,
  files: new Map(),
  ...changes,
});

const judge = (wheels: readonly CheckedWheel[], ...projects: readonly ProjectOnIndex[]) =>
  judgeWith(known({ faults: [], notes: [] }, NOW, 'pypi'), wheels, projects);

// oxlint-disable-next-line max-params -- what differs between the tests
const judgeWith = (
  publishers: Observed<PublisherFindings>,
  wheels: readonly CheckedWheel[],
  projects: readonly ProjectOnIndex[],
) =>
  decideStagedValid(
    {
      release: RELEASE,
      obstacle: null,
      wheels: known(wheels, NOW, 'staging'),
      projects: known(projects, NOW, 'pypi'),
      publishers,
    },
    judging,
  );

const seen = (found: { size: number; digest: Digest | null } | null) =>
  known([{ where: 'staging/a.whl', size: 10, digest: digest('a'), found }], NOW, 'staging');

describe('staged', () => {
  const candidate = candidateOf(RELEASE, 3);
  const decide = (files: ReturnType<typeof seen>, unplanned = 0) =>
    decideStaged({ release: RELEASE, obstacle: null, candidate, unplanned, files }, judging);

  it('passes when every wheel has the digest of its lineage', () => {
    expect(decide(seen({ size: 10, digest: digest('a') }))).toMatchObject({
      verdict: 'pass',
      summary: 'all 1 wheels of 2.8.0-rc3 in staging',
    });
  });

  it('is closed by a missing wheel, another one, one without a digest, and one that was never planned', () => {
    expect(decide(seen(null))).toMatchObject({ verdict: 'queued', fix: 'signalbox promote stage 2.8.0' });
    expect(decide(seen({ size: 10, digest: digest('b') }))).toMatchObject({ verdict: 'failing' });
    expect(decide(seen({ size: 10, digest: null }))).toMatchObject({
      verdict: 'failing',
      fix: 'signalbox artifact repair 2.8.0-rc3 --channel staging',
    });
    expect(decide(seen({ size: 10, digest: digest('a') }), 2)).toMatchObject({
      verdict: 'queued',
      summary: '2 wheels of 2.8.0-rc3 for pypi were never staged',
    });
  });
});

describe('staged-valid', () => {
  it('passes with the largest file beside its limit', () => {
    expect(judge([wheel()], project())).toMatchObject({
      verdict: 'pass',
      summary:
        '1 staged wheel read byte for byte, all right; largest acme-2.8.0-cp313-cp313-win_amd64.whl 10 MiB of 20 MiB',
    });
  });

  it('fails before any upload for a file over the limit, with all sizes listed (WHL-07)', () => {
    const gate = judge([wheel({ size: 20 * MIB + 1 }), wheel({ name: 'b.whl' })], project());
    expect(gate.verdict).toBe('failing');
    expect(gate.evidence.map(({ text }) => text)).toEqual([
      'acme-2.8.0-cp313-cp313-win_amd64.whl 20 MiB of 20 MiB: too large',
      'acme-2.8.0-cp313-cp313-win_amd64.whl 20 MiB of 20 MiB',
      'b.whl 10 MiB of 20 MiB',
    ]);
    expect(judge([wheel({ size: 20 * MIB })], project()).verdict).toBe('pass');
  });

  it('counts what the project has already, and not twice what is there', () => {
    expect(judge([wheel()], project({ size: 95 * MIB })).summary).toContain('over the limit of the project');
    const there = new Map([[wheel().name, digest('a')]]);
    expect(judge([wheel()], project({ size: 95 * MIB, files: there })).verdict).toBe('pass');
  });

  it('fails for a name that is on the index with other bytes', () => {
    for (const other of [digest('b'), null]) {
      expect(judge([wheel()], project({ files: new Map([[wheel().name, other]]) })).summary).toContain('is used up');
    }
  });

  it('fails for who published before, tells what closes nothing, and does not pass without knowing it', () => {
    const fault = 'acme 2.7.0: a.whl published by GitHub evil/acme';
    expect(judgeWith(known({ faults: [fault], notes: [] }, NOW, 'pypi'), [wheel()], [project()])).toMatchObject({
      verdict: 'failing',
      summary: `1 fault: ${fault}`,
    });
    const gate = judgeWith(
      known({ faults: [], notes: ['the index does not tell'] }, NOW, 'pypi'),
      [wheel()],
      [project()],
    );
    expect(gate.verdict).toBe('pass');
    expect(gate.evidence.at(-1)).toMatchObject({ text: 'the index does not tell', source: 'pypi' });
    expect(judgeWith(unknown('503', NOW, 'pypi'), [wheel()], [project()]).verdict).toBe('no-data');
  });

  it('fails for what the bytes say, waits while they are unread, and never guesses', () => {
    expect(judge([wheel({ faults: ['a.whl: RECORD lies'] })], project())).toMatchObject({
      verdict: 'failing',
      summary: '1 fault: a.whl: RECORD lies',
    });
    expect(judge([wheel({ state: 'unread' })], project()).verdict).toBe('queued');
    expect(judge([wheel({ state: { unreadable: '503' } })], project()).verdict).toBe('no-data');
    const gate = decideStagedValid(
      {
        release: RELEASE,
        obstacle: null,
        wheels: known([wheel()], NOW, 'staging'),
        projects: unknown('429', NOW, 'channel pypi'),
        publishers: known({ faults: [], notes: [] }, NOW, 'pypi'),
      },
      judging,
    );
    expect(gate).toMatchObject({ verdict: 'no-data', summary: 'could not be read: 429' });
  });
});
