import { describe, expect, it } from 'vitest';
import { CellKey } from '../domain/artifact.ts';
import { digestOf } from '../domain/canonical-json.ts';
import { addSeconds } from '../domain/instant.ts';
import { LedgerEvent, type LedgerEntry } from '../domain/ledger-event.ts';
import { sealManifest } from '../domain/manifest.ts';
import { RepoKey } from '../domain/repo.ts';
import { StoreKey } from '../domain/store-key.ts';
import { ChannelName } from '../domain/train/channels.ts';
import { CandidateVersion, ReleaseVersion } from '../domain/version.ts';
import { BASE, NOW } from '../testing/engine-world.ts';
import { memoryLedger } from '../testing/memory-ledger.ts';
import { abandoned, abandonmentOf, finalCandidate, freezeOf, isFrozen } from './fold-decisions.ts';

const release = ReleaseVersion.parse('2.8.0');
const rc1 = CandidateVersion.parse('2.8.0-rc1');
const rc2 = CandidateVersion.parse('2.8.0-rc2');

function manifestOf(content: string): ReturnType<typeof sealManifest> {
  const repo = RepoKey.parse('core');
  return sealManifest({
    train: 'small',
    release,
    candidate: rc1,
    channel: ChannelName.parse('test'),
    repos: [{ repo, candidate: rc1, commit: BASE }],
    files: [
      {
        cell: CellKey.parse('core/wheel/any/cpu/3.13'),
        repo,
        key: StoreKey.parse('core.whl'),
        size: 1,
        digest: digestOf(content),
        run: null,
        requires: null,
      },
    ],
  });
}

/** Entries of these events, each by another person, a second apart. */
async function entriesOf(...events: readonly Record<string, unknown>[]): Promise<readonly LedgerEntry[]> {
  return memoryLedger().append(
    'small',
    events.map((event, index) => ({
      at: addSeconds(NOW, index),
      actor: ['ana', 'ben', 'cleo', 'dora'][index % 4] ?? '',
      event: LedgerEvent.parse(event),
    })),
  );
}

const first = manifestOf('first');
const second = manifestOf('second');
const recorded = (of = first) => ({
  type: 'manifest-recorded',
  release,
  candidate: rc1,
  ...of,
  proof: 'read',
  reason: '',
});
const marked = (more: object = {}) => ({
  type: 'candidate-final',
  release,
  candidate: rc1,
  manifest: first.digest,
  reason: 'go',
  ...more,
});
const withdrawn = (candidate = rc1) => ({ type: 'candidate-final-withdrawn', release, candidate, reason: 'a bug' });
const frozen = (reason: string) => ({ type: 'train-frozen', reason });
const thawed = { type: 'train-thawed', reason: 'all clear' };

describe('the final candidate', () => {
  it('is the one that was marked, with the manifest it was marked with, by whom and when', async () => {
    expect(finalCandidate(await entriesOf(recorded(), marked()), release)).toEqual({
      candidate: rc1,
      manifest: first.digest,
      isCurrent: true,
      by: 'ben',
      at: addSeconds(NOW, 1),
      reason: 'go',
    });
  });

  it.each([
    ['nothing was marked', [recorded()]],
    ['the mark was withdrawn', [recorded(), marked(), withdrawn()]],
    [
      'the candidate was abandoned',
      [recorded(), marked(), { type: 'candidate-abandoned', release, candidate: rc1, reason: 'wrong keys' }],
    ],
    ['the release was abandoned', [recorded(), marked(), { type: 'release-abandoned', release, reason: 'skipped' }]],
    ['it is of another release', [marked({ release: '2.7.0', candidate: '2.7.0-rc1' })]],
  ])('is none when %s', async (_case, events) => {
    expect(finalCandidate(await entriesOf(...events), release)).toBeNull();
  });

  it('may be marked again after it was withdrawn, and another one withdrawn changes nothing', async () => {
    const again = await entriesOf(recorded(), marked(), withdrawn(), marked({ reason: 'it was none' }), withdrawn(rc2));
    expect(finalCandidate(again, release)).toMatchObject({ candidate: rc1, reason: 'it was none' });
  });

  it('says that other files have been recorded for it since', async () => {
    const since = await entriesOf(recorded(), marked(), recorded(second));
    expect(finalCandidate(since, release)).toMatchObject({ manifest: first.digest, isCurrent: false });
  });
});

describe('a frozen train', () => {
  it('is frozen from the first freeze until it is thawed', async () => {
    const twice = await entriesOf(frozen('the key leaked'), frozen('me too'));
    expect(freezeOf(twice)).toEqual({ by: 'ana', at: addSeconds(NOW, 0), reason: 'the key leaked' });
    expect(isFrozen(twice)).toBe(true);
    expect(isFrozen(await entriesOf(frozen('one'), thawed))).toBe(false);
    expect(freezeOf(await entriesOf(frozen('one'), thawed, frozen('two')))?.reason).toBe('two');
    expect(isFrozen([])).toBe(false);
  });
});

describe('what was abandoned', () => {
  it('stays so by the first decision', async () => {
    const entries = await entriesOf(
      { type: 'candidate-abandoned', release, candidate: rc1, reason: 'wrong keys' },
      { type: 'candidate-abandoned', release, candidate: rc1, reason: 'again' },
    );
    expect([...abandoned(entries).candidates]).toEqual([
      [rc1, { by: 'ana', at: addSeconds(NOW, 0), reason: 'wrong keys' }],
    ]);
    expect(abandoned(entries).releases.size).toBe(0);
    expect(abandonmentOf(entries, rc1)?.reason).toBe('wrong keys');
    expect(abandonmentOf(entries, rc2)).toBeNull();
  });

  it('takes every candidate of an abandoned release with it', async () => {
    const entries = await entriesOf({ type: 'release-abandoned', release, reason: 'skipped' });
    expect(abandoned(entries).releases.get(release)?.reason).toBe('skipped');
    expect(abandonmentOf(entries, rc2)?.reason).toBe('skipped');
    expect(abandonmentOf(entries, CandidateVersion.parse('2.7.0-rc1'))).toBeNull();
  });
});
