import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTrain } from '../../../config/load.ts';
import { CalendarDate, Instant } from '../../../domain/instant.ts';
import { known, unknown } from '../../../domain/observation.ts';
import { livingMinors, readPythonReleases, supportedPatches } from '../../../domain/python-releases.ts';
import { Support } from '../../../domain/train/support.ts';
import { Line, ReleaseVersion } from '../../../domain/version.ts';
import { judgeSupport } from './judge-support.ts';
import { decideSupportPolicy } from './gate.ts';

const trains = join(import.meta.dirname, '..', '..', '..', '..', 'trains');
const published = readFileSync(join(trains, 'python-releases.json'), 'utf8');
const day = (text: string): CalendarDate => CalendarDate.parse(text);

function releasesOf(text: string) {
  const read = readPythonReleases(text);
  if (!read.ok) throw new Error(read.reason);
  return read.releases;
}

const python = releasesOf(published);
const minorOf = (name: string) => {
  const minor = python.minors.find((each) => each.minor === name);
  if (minor === undefined) throw new Error(`no ${name}`);
  return minor;
};

const living = (on: string) => livingMinors(python, day(on)).map(({ minor }) => minor);

describe('the releases of CPython as they are published', () => {
  it('say which minors live on a day', () => {
    expect(living('2025-04-23')).toEqual(['3.9', '3.10', '3.11', '3.12', '3.13']);
    expect(living('2025-10-30')).toEqual(['3.9', '3.10', '3.11', '3.12', '3.13', '3.14']);
    expect(living('2025-10-31')).toEqual(['3.10', '3.11', '3.12', '3.13', '3.14']);
    expect(living('1990-01-01')).toEqual([]);
  });

  it('say which patch releases are supported: the latest bugfix release, or every security release', () => {
    expect(supportedPatches(minorOf('3.12'), day('2025-04-08'))).toEqual({
      rule: 'latest-bugfix',
      versions: ['3.12.10'],
    });
    expect(supportedPatches(minorOf('3.12'), day('2025-04-07'))).toEqual({
      rule: 'latest-bugfix',
      versions: ['3.12.9'],
    });
    expect(supportedPatches(minorOf('3.11'), day('2025-04-23'))).toEqual({
      rule: 'all-security',
      versions: ['3.11.10', '3.11.11', '3.11.12'],
    });
    expect(supportedPatches(minorOf('3.14'), day('2025-04-23'))).toEqual({ rule: 'latest-bugfix', versions: [] });
    // What is only expected has not come out.
    expect(supportedPatches(minorOf('3.13'), day('2026-12-01')).versions).toEqual(['3.13.15']);
  });

  it.each([
    ['', 'is no JSON'],
    ['[]', 'is not as the PEPs publish it'],
    ['{"metadata":{},"releases":{}}', 'names no version of CPython'],
    ['{"metadata":{"3.13":{"status":"x"}},"releases":{}}', 'metadata.3.13.first_release'],
    [published.replace('"2029-10-01"', '"2029-02-30"'), 'no such day'],
    [published.replaceAll('"actual"', '"expected"'), 'names no release that came out'],
    [
      published.replace('"end_of_life": "2029-10-01"', '"end_of_life": "2019-10-01"'),
      'says that 3.13 ends on 2019-10-01',
    ],
    ['{"metadata":{"__proto__":{"first_release":1}},"releases":{}}', 'names no version of CPython'],
  ])('are refused where they are not: %#', (text, reason) => {
    const read = readPythonReleases(text);
    expect(read.ok ? 'read' : read.reason).toContain(reason);
  });
});

interface Changes {
  readonly python?: object;
  readonly builds?: object;
  readonly exceptions?: readonly object[];
  readonly systems?: readonly object[];
}

function supportOf({ python: range, builds = {}, exceptions = [], systems = [] }: Changes): Support {
  return Support.parse({
    columns: [
      { id: 'python', kind: 'python', title: 'Python' },
      { id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' },
      { id: 'cuda-new', kind: 'builds', title: 'New CUDA', accelerator: 'CUDA', stage: 'experimental' },
    ],
    lines: { '2.9': { python: { from: '3.10', to: '3.14', ...range }, builds } },
    operatingSystems: systems,
    policy: { exceptions },
  });
}

function findings(changes: Changes, today = '2025-09-01') {
  const found = judgeSupport({
    support: supportOf(changes),
    line: Line.parse('2.9'),
    day: day('2025-11-15'),
    today: day(today),
    python,
  });
  return found.map(({ standing, rule, subject, change }) => [standing, rule, subject, change?.kind ?? null]);
}

const builds = { cuda: [{ versions: ['12.6', '12.8'] }], 'cuda-new': [{ versions: ['13.0', '12.10.1'] }] };
const exception = { what: 'CUDA 12.6', reason: 'old cards', owner: 'ptrblck', until: '2026-01-31' };

describe('the policy of support', () => {
  it('finds nothing in a matrix that follows it', () => {
    expect(findings({})).toEqual([]);
  });

  it('finds Pythons that will have ended, and those that are out and missing', () => {
    expect(findings({ python: { from: '3.9', to: '3.13' } })).toEqual([
      ['open', 'python-eol', 'Python 3.9', 'python-range'],
      ['open', 'python-missing', 'Python 3.14', 'python-range'],
    ]);
    expect(findings({ python: { to: '3.13', experimental: ['3.14', '3.14t', '3.9'] } })).toEqual([
      ['open', 'python-eol', 'Python 3.9', 'drop-experimental-python'],
      ['note', 'python-missing', 'Python 3.14', null],
    ]);
    // The free-threaded build alone is not the Python.
    expect(findings({ python: { to: '3.13', experimental: ['3.14t'] } })).toEqual([
      ['open', 'python-missing', 'Python 3.14', 'python-range'],
    ]);
  });

  it('finds a Python all of whose supported patch releases are excluded', () => {
    const latest = supportedPatches(minorOf('3.13'), day('2025-11-15')).versions;
    expect(findings({ python: { exclude: [...latest] } })).toEqual([['open', 'python-patches', 'Python 3.13', null]]);
    expect(findings({ python: { exclude: ['3.13.1'] } })).toEqual([]);
  });

  it('finds accelerators beyond the latest two minors, by their numbers and not their letters', () => {
    expect(findings({ builds })).toEqual([
      ['open', 'accelerator-minors', 'CUDA 12.8', 'drop-accelerator'],
      ['open', 'accelerator-minors', 'CUDA 12.6', 'drop-accelerator'],
    ]);
    expect(findings({ builds: { cuda: [{ versions: ['12.6.1', '12.6.3', '12.8'] }] } })).toEqual([]);
    expect(findings({ builds: { cuda: [{ versions: ['nonsense', '9'] }] } })).toEqual([]);
  });

  it('finds a platform tag that promises another floor', () => {
    const linux = { family: 'Linux', architectures: ['x86_64'], platformTag: 'manylinux_2_28' };
    expect(findings({ systems: [{ ...linux, floor: { what: 'glibc', version: '2.17' } }] })).toEqual([
      ['open', 'os-floor', 'Linux', null],
    ]);
    expect(findings({ systems: [{ ...linux, floor: { what: 'glibc', version: '2.28' } }] })).toEqual([]);
    expect(
      findings({ systems: [{ ...linux, platformTag: 'manylinux2014', floor: { what: 'glibc', version: '2.17' } }] }),
    ).toEqual([]);
  });

  it('takes an exception that holds until the release, and tells those that do not or are of no use', () => {
    const only = { cuda: [{ versions: ['12.6', '12.8', '13.0'] }] };
    expect(findings({ builds: only, exceptions: [exception] })).toEqual([
      ['excepted', 'accelerator-minors', 'CUDA 12.6', 'drop-accelerator'],
    ]);
    expect(findings({ builds: only, exceptions: [{ ...exception, until: '2025-11-14' }] })).toEqual([
      ['open', 'accelerator-minors', 'CUDA 12.6', 'drop-accelerator'],
      ['open', 'exception', 'CUDA 12.6', null],
    ]);
    expect(findings({ exceptions: [exception] })).toEqual([['note', 'exception', 'CUDA 12.6', null]]);
  });
});

describe('the gate support-policy', async () => {
  const loaded = await loadTrain(join(trains, 'pytorch', 'train.yaml'));
  if (!loaded.ok) throw new Error('the preset is broken');
  const { train } = loaded.value;
  const now = Instant.parse('2025-03-20T12:00:00Z');
  const data = known(python, now, 'python-releases.json');
  const gate = (
    release: string,
    changes: Partial<Parameters<typeof decideSupportPolicy>[2]> = {},
    policy = train.support.policy,
  ) =>
    decideSupportPolicy({ ...train, support: { ...train.support, policy } }, ReleaseVersion.parse(release), {
      python: data,
      now,
      waivers: [],
      ...changes,
    });
  const excepted = (until: string) => ({
    ...train.support.policy,
    exceptions: [{ what: 'CUDA 11.8', reason: 'drivers', owner: 'atalman', until: day(until) }],
  });

  it('asks for an answer about CUDA 11.8 in 2.7', () => {
    expect(gate('2.7.0')).toMatchObject({ verdict: 'needs-you', fix: 'signalbox support check 2.7' });
    expect(gate('2.7.0').summary).toContain('CUDA 11.8');
  });

  it('passes with an exception, and fails once that is over', () => {
    expect(gate('2.7.0', {}, excepted('2025-06-30')).verdict).toBe('pass');
    expect(gate('2.7.0', {}, excepted('2025-03-01'))).toMatchObject({ verdict: 'failing' });
  });

  it('is never green without data, nor with data that is too old', () => {
    const policy = excepted('2026-12-31');
    const lost = gate('2.7.0', { python: unknown('the disk is gone', now, 'x') }, policy);
    expect(lost).toMatchObject({ verdict: 'no-data', fix: 'signalbox support refresh --from FILE|URL' });
    const late = Instant.parse('2027-03-20T12:00:00Z');
    expect(gate('2.7.0', { now: late }, excepted('2028-01-01'))).toMatchObject({ verdict: 'no-data' });
  });

  it('asks for the line of a minor that the matrix does not have, and leaves patches alone', () => {
    expect(gate('2.99.0')).toMatchObject({ verdict: 'needs-you', summary: 'the support matrix has no line 2.99' });
    expect(gate('2.7.1').verdict).toBe('skipped');
  });
});
