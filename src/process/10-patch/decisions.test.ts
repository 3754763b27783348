import { describe, expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { hashOfEntry, LedgerEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import { known, unknown } from '../../domain/observation.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { NOW } from '../../testing/small-train.ts';
import { foldGo, foldTriage, type TriageDecision } from './decisions.ts';
import { decideMilestones, type DecidedItem } from './milestones.ts';

const release = ReleaseVersion.parse('2.8.1');
const brief = digestOf('brief');

function entriesOf(...events: readonly (readonly [string, Record<string, unknown>])[]): readonly LedgerEntry[] {
  return events.map(([actor, event], index) => {
    const entry = {
      train: 'acme',
      seq: index + 1,
      at: NOW,
      actor,
      event: LedgerEvent.parse({ release, reason: 'why', people: [], ...event }),
      prev: null,
    };
    return { ...entry, hash: hashOfEntry(entry) };
  });
}

const triage = (item: number, verdict: string, more = {}) =>
  ({ type: 'triage-decided', repo: 'core', item, verdict, suggested: 'unknown', ...more }) as const;
const word = (decision: string) => ({ type: 'patch-decided', decision, brief }) as const;

describe('decisions of triage', () => {
  it('count by the last one of each candidate, and those of another release not at all', () => {
    const entries = entriesOf(
      ['tess', triage(7, 'accepted')],
      ['tess', triage(8, 'declined')],
      ['tom', triage(7, 'declined')],
      ['tess', triage(9, 'accepted', { release: '2.8.2' })],
    );
    expect(foldTriage(entries, release).map(({ item, verdict, by }) => [item, verdict, by])).toEqual([
      [8, 'declined', 'tess'],
      [7, 'declined', 'tom'],
    ]);
  });
});

describe('go or no-go', () => {
  it.each([
    ['nobody said anything', [], 1, 'open', []],
    ['one go where one is enough', [['rita', 'go']], 1, 'go', ['rita']],
    ['one go where two are asked for', [['rita', 'go']], 2, 'agreeing', ['rita']],
    [
      'the same person twice is one',
      [
        ['rita', 'go'],
        ['rita', 'go'],
      ],
      2,
      'agreeing',
      ['rita'],
    ],
    [
      'two people',
      [
        ['rita', 'go'],
        ['ann', 'go'],
      ],
      2,
      'go',
      ['rita', 'ann'],
    ],
    [
      'a no-go after a go',
      [
        ['rita', 'go'],
        ['ann', 'no-go'],
      ],
      1,
      'no-go',
      ['ann'],
    ],
    [
      'a go after a no-go begins anew',
      [
        ['rita', 'go'],
        ['ann', 'no-go'],
        ['ann', 'go'],
      ],
      2,
      'agreeing',
      ['ann'],
    ],
  ] as const)('%s', (_name, said, people, ...[is, by]) => {
    const entries = entriesOf(...said.map(([actor, decision]) => [actor, word(decision)] as const));
    const decision = foldGo(entries, release, people);
    expect(decision.is).toBe(is);
    expect(decision.is === 'open' ? [] : decision.words.map((each) => each.by)).toEqual(by);
  });
});

describe('milestones as triage decided', () => {
  const repo = RepoKey.parse('core');
  const slug = RepoSlug.parse('acme/core');
  const request = { train: 'acme', trainDigest: digestOf('train'), release, author: 'rita' };
  const decided = (
    verdict: TriageDecision['verdict'],
    item: { readonly milestone: string | null } | null,
    milestoneExists = true,
  ): DecidedItem => ({
    decision: { repo, item: 7, verdict, suggested: 'accept', by: 'tess', people: [], reason: 'why', at: NOW },
    slug,
    milestone: '2.8.1',
    item: known(
      {
        milestoneExists,
        item:
          item === null
            ? null
            : {
                number: 7,
                title: 'It crashes',
                body: '',
                isPullRequest: false,
                open: true,
                author: 'alice',
                assignees: [],
                labels: [],
                openedAt: NOW,
                updatedAt: NOW,
                link: 'https://forge.example/acme/core/issues/7',
                ...item,
              },
      },
      NOW,
      'forge',
    ),
  });
  const stepsOf = (...items: readonly DecidedItem[]) => {
    const answer = decideMilestones(items, request);
    return {
      held: answer.held.map(({ reason }) => reason),
      steps:
        answer.kind === 'plan'
          ? answer.plan.body.steps.map((step) =>
              step.kind === 'set-milestone' ? [step.from, step.to] : [step.kind, step.key],
            )
          : [],
    };
  };

  it.each([
    ['what was accepted goes in', decided('accepted', { milestone: null }), [[null, '2.8.1']]],
    ['what is in already stays', decided('accepted', { milestone: '2.8.1' }), []],
    ['what was declined comes out', decided('declined', { milestone: '2.8.1' }), [['2.8.1', null]]],
    ['what was declined and is not in is left alone', decided('declined', { milestone: '2.9.0' }), []],
  ] as const)('%s', (_name, item, steps) => {
    expect(stepsOf(item)).toEqual({ held: [], steps });
  });

  it('a milestone that is not there is made before, once', () => {
    const missing = decided('accepted', { milestone: null }, false);
    const other = { ...missing, decision: { ...missing.decision, item: 8 } };
    expect(stepsOf(missing, other).steps).toEqual([
      ['create-milestone', 'create-milestone:core:2.8.1'],
      [null, '2.8.1'],
      [null, '2.8.1'],
    ]);
  });

  it('what somebody put into another milestone, what is gone and what cannot be read is told and not touched', () => {
    const unread = { ...decided('accepted', null), item: unknown('the forge said 403', NOW, 'forge') };
    expect(stepsOf(decided('accepted', { milestone: '2.9.0' }), decided('accepted', null), unread)).toEqual({
      steps: [],
      held: [
        '#7 was accepted, and somebody put it into milestone 2.9.0',
        '#7 was accepted and does not exist any more',
        '#7 could not be read: the forge said 403',
      ],
    });
  });
});
