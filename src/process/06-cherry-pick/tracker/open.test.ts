import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../domain/canonical-json.ts';
import type { LedgerEntry } from '../../../domain/ledger-event.ts';
import { known, unknown } from '../../../domain/observation.ts';
import { RepoKey } from '../../../domain/repo.ts';
import { reposOf } from '../../../domain/train/naming.ts';
import { ReleaseVersion } from '../../../domain/version.ts';
import type { ForgeItem } from '../../../ports/forge.ts';
import { pickTrain } from '../../../testing/pick-train.ts';
import { NOW } from '../../../testing/small-train.ts';
import {
  decideTrackerOpen,
  explainOpen,
  findTracker,
  recordedTracker,
  type TrackerFacts,
  type TrackerRepo,
} from './index.ts';

const train = pickTrain();
const release = ReleaseVersion.parse('2.8.0');
const request = { train, trainDigest: digestOf('train'), release, author: 'rita', login: 'box' };

function issue(number: number, author: string, open = true): ForgeItem {
  return {
    number,
    title: '[v.2.8.0] Release Tracker',
    body: '<!-- signalbox:tracker 2.8.0 -->',
    isPullRequest: false,
    open,
    author,
    assignees: [],
    labels: [],
    milestone: null,
    openedAt: NOW,
    updatedAt: NOW,
    link: `https://forge.example/acme/core/issues/${number}`,
  };
}

type Facts = TrackerFacts & { readonly labelExists: boolean };

const nothing: Facts = { recorded: null, marked: [], labelExists: true };

function repos(changes: Readonly<Record<string, Partial<TrackerRepo>>> = {}): readonly TrackerRepo[] {
  return reposOf(train, release).map((repo) => ({
    repo,
    slug: repo.entry.slug ?? null,
    facts: known(nothing, NOW, `forge ${repo.key}`),
    ...changes[repo.key],
  }));
}

const withFacts = (facts: Partial<Facts>) => ({ facts: known({ ...nothing, ...facts }, NOW, 'forge') });

function opened(changes: Parameters<typeof repos>[0]) {
  const answer = decideTrackerOpen(repos(changes), request);
  if (!answer.ok) return { refused: explainOpen(answer.problems[0]) };
  const steps = answer.value.kind === 'plan' ? answer.value.plan.body.steps : [];
  return { steps: steps.map(({ key, wave }) => `${wave} ${key}`), held: answer.value.held, notes: answer.value.notes };
}

describe('which issue is the tracker', () => {
  it.each([
    [
      'the recorded one, whoever else bears the marker',
      { recorded: issue(9, 'box'), marked: [issue(3, 'rita')] },
      'open',
      9,
    ],
    [
      'the recorded one, though the bot wrote it as another login',
      { recorded: issue(9, 'old-bot'), marked: [] },
      'open',
      9,
    ],
    ['one of a release manager by its marker', { recorded: null, marked: [issue(3, 'rita')] }, 'open', 3],
    [
      'another that was opened after the recorded one was closed',
      { recorded: issue(9, 'box', false), marked: [issue(11, 'rita')] },
      'open',
      11,
    ],
    ['none that an outsider wrote', { recorded: null, marked: [issue(3, 'mallory')] }, 'none', null],
    ['the closed one, which is not opened twice', { recorded: null, marked: [issue(3, 'rita', false)] }, 'closed', 3],
    ['nobody knows, of two', { recorded: null, marked: [issue(3, 'rita'), issue(4, 'box')] }, 'several', null],
  ] as const)('is %s', (_name, facts, is, number) => {
    const found = findTracker(facts, ['rita', 'box']);
    expect(found.is).toBe(is);
    expect('tracker' in found ? found.tracker.number : null).toBe(number);
  });

  it('is recorded by the last receipt of the step that opens it, in this repository, of this release', () => {
    const entry = (step: string, number: string): LedgerEntry => ({
      seq: 1,
      train: 'acme',
      at: NOW,
      actor: 'rita',
      event: { type: 'step-receipt', release, plan: planId(), step, outcome: 'done', handle: { number } },
      prev: null,
      hash: digestOf(''),
    });
    const entries = [
      entry('create-issue:core:tracker 2.8.0', '4'),
      entry('create-issue:vision:tracker 2.8.0', '5'),
      entry('create-issue:core:tracker 2.8.0', '7'),
      entry('undo:create-issue:core:tracker 2.8.0', '8'),
    ];
    expect(recordedTracker(entries, RepoKey.parse('core'), release)).toBe(7);
    expect(recordedTracker(entries, RepoKey.parse('audio'), release)).toBeNull();
  });
});

describe('opening the tracker', () => {
  it('makes the label where it is missing, then the issue in core and a mirror in every other repository', () => {
    expect(opened({ vision: withFacts({ labelExists: false }) })).toEqual({
      steps: [
        '1 create-issue:core:tracker 2.8.0',
        '1 create-issue:infra:tracker 2.8.0',
        '0 ensure-label:vision:release tracker',
        '1 create-issue:vision:tracker 2.8.0',
        '1 create-issue:audio:tracker 2.8.0',
      ],
      held: [],
      notes: [],
    });
  });

  it('leaves what is there, tells of an outsider, and is held up by no mirror', () => {
    const answer = opened({
      core: withFacts({ marked: [issue(3, 'mallory'), issue(4, 'rita')] }),
      infra: { slug: null },
      audio: { facts: unknown('the forge did not answer', NOW, 'forge acme/audio') },
    });
    expect(answer).toMatchObject({
      steps: ['1 create-issue:vision:tracker 2.8.0'],
      held: [
        { repo: 'infra' },
        { repo: 'audio', reason: 'forge acme/audio could not be read: the forge did not answer' },
      ],
    });
    expect(answer.notes?.join()).toContain("acme/core#3 bears the tracker's marker but was opened by mallory");
  });

  it.each([
    ['core has no slug', { core: { slug: null } }, 'Give the core repository a slug'],
    ['core cannot be read', { core: { facts: unknown('no answer', NOW, 'forge acme/core') } }, 'no answer'],
    ['it is closed', { core: withFacts({ recorded: issue(3, 'box', false) }) }, 'Reopen it there'],
    ['there are two', { core: withFacts({ marked: [issue(3, 'box'), issue(4, 'rita')] }) }, '#3 and #4'],
  ])('is refused with what to do when %s', (_name, changes, text) => {
    expect(opened(changes).refused).toContain(text);
  });

  it('holds no time: the same world gives the same plan', () => {
    const answer = decideTrackerOpen(repos(), request);
    const body = answer.ok && answer.value.kind === 'plan' ? answer.value.plan.body.steps.at(-1) : null;
    expect(body).toMatchObject({ kind: 'create-issue', title: '[v.2.8.0] Release Tracker' });
    expect(body?.kind === 'create-issue' && body.body).not.toMatch(/\d{4}-\d\d-\d\d|\bin \d/);
  });
});

function planId() {
  const answer = decideTrackerOpen(repos(), request);
  if (!answer.ok || answer.value.kind !== 'plan') throw new Error('no plan was made');
  return answer.value.plan.id;
}
