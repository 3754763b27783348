import { describe, expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { BranchName } from '../../domain/git-names.ts';
import { addSeconds } from '../../domain/instant.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { patchTrain } from '../../testing/patch-world.ts';
import { pickTrain } from '../../testing/pick-train.ts';
import { NOW } from '../../testing/small-train.ts';
import { decideAsk, decideOwedGate, type OwedFacts, type OwedPick } from './owed.ts';

const train = pickTrain({}, patchTrain());
const owed: OwedPick = {
  repo: RepoKey.parse('core'),
  slug: RepoSlug.parse('acme/core'),
  branch: BranchName.parse('release/2.8'),
  pull: 901,
  title: 'Fix @everybody <b>',
  author: 'alice',
  items: [7],
  askedAt: null,
};
const facts = (more: Partial<OwedFacts> = {}): OwedFacts => ({
  release: ReleaseVersion.parse('2.8.1'),
  owed: [owed],
  unread: [],
  unclear: [],
  deadline: addSeconds(NOW, 86_400),
  ...more,
});
const gateOf = (more: Partial<OwedFacts>) => decideOwedGate(facts(more), train, { waivers: [], now: NOW });
const past = addSeconds(NOW, -60);

describe('the gate of owed picks', () => {
  it.each([
    ['somebody owes one', {}, 'failing', 'one pick is not posted: core#901'],
    ['nobody does', { owed: [] }, 'pass', 'every fix of the milestone has a pick or is on the branch'],
    [
      'the deadline is over: it is not included',
      { deadline: past },
      'pass',
      'not included, posted by nobody before the deadline: core#901',
    ],
    ['the deadline is not known: nothing is late', { deadline: null }, 'failing', 'one pick is not posted: core#901'],
    [
      'a repository could not be read, also after the deadline',
      { unread: [{ repo: 'vision', reason: '403' }], deadline: past },
      'no-data',
      'not known of vision',
    ],
    [
      'an item has no clear commit',
      { owed: [], unclear: [{ repo: 'core', item: 8 }] },
      'needs-you',
      '1 closed in the milestone without a clear commit',
    ],
  ] as const)('%s', (_name, more, verdict, summary) => {
    expect(gateOf(more)).toMatchObject({ verdict, summary });
  });

  it('names the authors first, and tells who was asked', () => {
    const gate = gateOf({ owed: [{ ...owed, askedAt: NOW }] });
    expect(gate.owners).toEqual(['alice', 'rita', 'ann']);
    expect(gate.evidence[0]?.text).toBe(`core#901 Fix @everybody <b> by @alice: asked ${NOW}`);
    expect(gate.fix).toBe('signalbox patch owed 2.8.1 --ask');
  });
});

describe('asking authors', () => {
  const request = { train, trainDigest: digestOf('train'), author: 'rita', now: NOW };
  const stepsOf = (more: Partial<OwedFacts>) => {
    const answer = decideAsk(facts(more), request);
    return answer.kind === 'plan' ? answer.plan.body.steps : [];
  };

  it('is one comment for each change, with the final deadline, and nothing of a title in it', () => {
    const [step, ...rest] = stepsOf({});
    expect(rest).toEqual([]);
    expect(step).toMatchObject({ kind: 'write-comment', item: 901, marker: 'signalbox:owed 2.8.1 core/901' });
    const body = step?.kind === 'write-comment' ? step.body : '';
    expect(body).toContain('@alice, this change (for #7) is in the milestone of 2.8.1');
    expect(body).toContain('`@pytorchbot cherry-pick --onto release/2.8 -c CLASS --fixes ISSUE`');
    expect(body).toContain('The deadline is 2026-06-09 12:00 UTC, and it is final');
    expect(body).not.toContain('everybody');
  });

  it('is done once, and not after the deadline', () => {
    expect(stepsOf({ owed: [{ ...owed, askedAt: NOW }] })).toEqual([]);
    expect(stepsOf({ deadline: past })).toEqual([]);
    expect(decideAsk(facts({ deadline: past }), request).notes).toEqual([
      'picks closed 2026-06-08 11:59 UTC: what is not posted is not included',
    ]);
  });

  it('calls nobody where the author is not known or is no login', () => {
    for (const author of [null, 'team/everybody']) {
      const [step] = stepsOf({ owed: [{ ...owed, author }] });
      expect(step?.kind === 'write-comment' ? step.body.split('\n')[0] : '').toMatch(/^this change/u);
    }
  });
});
