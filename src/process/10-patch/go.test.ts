import { expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { addSeconds } from '../../domain/instant.ts';
import { hashOfEntry, LedgerEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import { known, unknown } from '../../domain/observation.ts';
import { RepoKey } from '../../domain/repo.ts';
import { Line, ReleaseVersion } from '../../domain/version.ts';
import { patchTrain } from '../../testing/patch-world.ts';
import { pickTrain } from '../../testing/pick-train.ts';
import { commitId, NOW } from '../../testing/small-train.ts';
import { riskOf, type BriefCandidate } from './brief.ts';
import { decideCarriedGate, type RepoCarried } from './carried.ts';
import { briefDigest, decideGoGate, GO_GATE } from './go.ts';
import type { FixFound } from './triage.ts';

const release = ReleaseVersion.parse('2.8.1');
const repo = RepoKey.parse('core');
const digest = digestOf('the brief');

const said = (actor: string, decision: string, brief = digest): LedgerEntry => {
  const event = LedgerEvent.parse({ type: 'patch-decided', release, decision, brief, people: ['ben'], reason: 'why' });
  const entry = { train: 'acme', seq: 1, at: NOW, actor, event, prev: null };
  return { ...entry, hash: hashOfEntry(entry) };
};
const gateOf = (entries: readonly LedgerEntry[], goPeople = 1, waivers = 0) =>
  decideGoGate({ release, entries, digest }, pickTrain({}, patchTrain({ goPeople })), {
    now: NOW,
    waivers:
      waivers === 0 ? [] : [{ gate: GO_GATE, by: 'rita', reason: 'said in the room', until: addSeconds(NOW, 60) }],
  });

it.each([
  ['is shut until somebody decides', [], 1, 'needs-you', 'nobody has decided whether to make it'],
  ['opens with a go', [said('rita', 'go')], 1, 'pass', 'go, decided by @rita'],
  ['waits for the second of two', [said('rita', 'go')], 2, 'needs-you', '1 of 2 release managers said go: @rita'],
  ['stays shut with a no-go', [said('rita', 'no-go')], 1, 'failing', 'no-go, decided by @rita: why'],
  [
    'tells that candidates came since, and stays open',
    [said('rita', 'go', digestOf('another'))],
    1,
    'pass',
    'go, decided by @rita; candidates were accepted or declined since',
  ],
] as const)('go or no-go %s', (_name, entries, people, ...[verdict, summary]) => {
  expect(gateOf(entries, people)).toMatchObject({ verdict, summary });
});

it('go or no-go can be waived like any gate, and names who was there', () => {
  expect(gateOf([], 1, 1).verdict).toBe('waived');
  expect(gateOf([said('rita', 'go')]).evidence[0]?.text).toBe('@rita with @ben: go, why');
});

it('a decision is bound to the accepted candidates, in whatever order they were decided', () => {
  const one = { repo, suggested: 'accept', by: 'tess', people: [], reason: 'why', at: NOW } as const;
  const seven = { ...one, item: 7, verdict: 'accepted' } as const;
  const eight = { ...one, item: 8, verdict: 'accepted' } as const;
  expect(briefDigest(release, [seven, eight])).toBe(briefDigest(release, [eight, seven]));
  expect(briefDigest(release, [seven, { ...eight, verdict: 'declined' }])).toBe(briefDigest(release, [seven]));
  expect(briefDigest(release, [seven])).not.toBe(briefDigest(release, [eight]));
});

const accepted = (item: number, fix: BriefCandidate['fix']): BriefCandidate => ({
  decision: {
    repo,
    item,
    verdict: 'accepted',
    suggested: 'accept',
    by: 'tess',
    people: [],
    reason: 'why',
    at: NOW,
  },
  title: `Item ${item}`,
  fix,
});
const fixOf = (verdict: FixFound['verdict'], files: readonly string[], lines: number) =>
  known({ verdict, commits: [{ commit: commitId('a'), title: 'Fix', pull: 9, size: { files, lines } }] }, NOW, 'git');

it('the risk counts lines and files of the fixes, what several touch, what main took back, and what is not known', () => {
  const risk = riskOf([
    accepted(7, fixOf('missing', ['a.py', 'b.py'], 30)),
    accepted(8, fixOf('not-wanted', ['a.py'], 4)),
    accepted(9, known({ verdict: 'no-commit', commits: [] }, NOW, 'git')),
    accepted(10, unknown('the remote is away', NOW, 'git')),
  ]);
  expect(risk).toEqual({
    fixes: 2,
    unknown: 2,
    files: 2,
    lines: 34,
    shared: ['core/a.py'],
    largest: { what: 'core#7', lines: 30, files: 2 },
    takenBack: ['core#8'],
  });
});

const carriedIn = (not: RepoCarried['found']): readonly RepoCarried[] => [{ repo, found: not }];
const found = (is: 'missing' | 'unsure' | null) =>
  known(
    {
      from: Line.parse('2.7'),
      isCut: true,
      carried: {
        carried: 3,
        dropped: 1,
        not: is === null ? [] : [{ commit: commitId('b'), title: 'Fix', pull: 12, is, why: 'not picked' }],
      },
    },
    NOW,
    'git',
  );

it.each([
  ['something is missing', carriedIn(found('missing')), 'failing', '1 of 2.7 missing: core#12'],
  ['something is not clear', carriedIn(found('unsure')), 'needs-you', '1 of 2.7 not clear'],
  ['all is there', carriedIn(found(null)), 'pass', '3 changes of 2.7 are there; 1 taken back by main'],
  ['it could not be read', carriedIn(unknown('away', NOW, 'git')), 'no-data', 'could not be read: core'],
] as const)('carry-forward: %s', (_name, repos, verdict, summary) => {
  const train = pickTrain({}, patchTrain());
  expect(decideCarriedGate(release, repos, { train, waivers: [], now: NOW })).toMatchObject([{ verdict, summary }]);
});

it('carry-forward is not asked where there is no earlier line', () => {
  const train = pickTrain({}, patchTrain());
  expect(decideCarriedGate(release, carriedIn(known(null, NOW, 'git')), { train, waivers: [], now: NOW })).toEqual([]);
});
