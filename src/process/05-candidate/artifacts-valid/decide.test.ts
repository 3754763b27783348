import { describe, expect, it } from 'vitest';
import { GateId } from '../../../domain/gate.ts';
import { Instant } from '../../../domain/instant.ts';
import { known, unknown } from '../../../domain/observation.ts';
import { RepoKey } from '../../../domain/repo.ts';
import { ReleaseVersion } from '../../../domain/version.ts';
import { smallTrain } from '../../../testing/small-train.ts';
import type { Finding } from '../../../wheel/check/checks.ts';
import { decideArtifactsValid, type JudgedWheel } from './index.ts';

const now = Instant.parse('2025-07-01T12:00:00Z');
const release = ReleaseVersion.parse('2.8.0');
const train = smallTrain({});
const right: JudgedWheel = { fileName: 'a.whl', repo: RepoKey.parse('core'), refused: null, findings: [], whole: true };
const finding = (severity: Finding['severity'], check: Finding['check'] = 'metadata'): Finding => ({
  check,
  severity,
  wheel: 'a.whl',
  entry: null,
  line: null,
  text: 'Something.',
});

function verdict(wheels: readonly JudgedWheel[] | null, waived = false): readonly [string, string] {
  const observed = wheels === null ? null : known(wheels, now, 'channel test');
  const waivers = waived
    ? [
        {
          gate: GateId.parse('artifacts-valid'),
          by: 'rita',
          reason: 'known',
          until: Instant.parse('2025-07-02T12:00:00Z'),
        },
      ]
    : [];
  const gate = decideArtifactsValid({ release, channel: 'test', wheels: observed }, { train, waivers, now });
  return [gate.verdict, gate.summary];
}

describe('the verdict of artifacts-valid', () => {
  it.each<readonly [string, readonly JudgedWheel[] | null, readonly [string, string]]>([
    ['right wheels', [right, right], ['pass', '2 wheels right, every byte held to RECORD']],
    [
      'warnings alone',
      [{ ...right, findings: [finding('warning')] }],
      ['pass', '1 wheel right, every byte held to RECORD; 1 warning'],
    ],
    [
      'wheels whose hashes nobody read',
      [right, { ...right, whole: false }],
      ['no-data', '2 wheels right by names and sizes; of 1 no hash was read yet'],
    ],
    [
      'an error',
      [right, { ...right, findings: [finding('error')] }],
      ['failing', '1 of 2 wheels wrong: metadata in a.whl'],
    ],
    [
      'a refused file',
      [{ ...right, refused: 'a.whl: cut off.' }],
      ['failing', '1 of 1 wheel wrong: not readable in a.whl'],
    ],
    ['no wheel', [], ['no-data', 'no wheel of the release lies in the channel']],
    ['a train without wheels', null, ['skipped', 'the train names no wheels of 2.8.0 in channel test']],
  ])('for %s', (_name, wheels, expected) => {
    expect(verdict(wheels)).toEqual(expected);
  });

  it('may be waived by a person, and names who answers for the repository first', () => {
    expect(verdict([{ ...right, findings: [finding('error')] }], true)[0]).toBe('waived');
    const wheels = known([{ ...right, findings: [finding('error')] }], now, 'channel test');
    const { owners } = decideArtifactsValid({ release, channel: 'test', wheels }, { train, waivers: [], now });
    expect(owners).toEqual(['otto', 'rita']);
  });

  it('is unknown where the channel could not be read', () => {
    const wheels = unknown('it does not answer', now, 'channel test');
    const gate = decideArtifactsValid({ release, channel: 'test', wheels }, { train, waivers: [], now });
    expect([gate.verdict, gate.summary]).toEqual(['no-data', 'could not be read: it does not answer']);
  });
});
