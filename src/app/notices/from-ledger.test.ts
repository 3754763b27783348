import { describe, expect, it } from 'vitest';
import { LedgerDraft, type LedgerEntry } from '../../domain/ledger-event.ts';
import { memoryLedger } from '../../testing/memory-ledger.ts';
import { NOW, planOf, tagStep } from '../../testing/engine-world.ts';
import { headlineOf, isNews } from '../feeds/headline.ts';
import { noticesOfEntries } from './from-ledger.ts';

const RELEASE = '2.8.0';
const plan = planOf([tagStep('core')], { purpose: 'pypi', title: 'Upload 2.8.0', author: 'carl' });
const of = { release: RELEASE };
const audience = ['ana', 'ben'];

async function entriesWith(events: readonly (readonly [string, unknown])[]): Promise<readonly LedgerEntry[]> {
  const ledger = memoryLedger();
  await ledger.append(
    'small',
    events.map(([actor, event]) => LedgerDraft.parse({ at: NOW, actor, event })),
  );
  return ledger.read({ train: 'small' });
}

async function told(events: readonly (readonly [string, unknown])[], after = 0) {
  const entries = await entriesWith(events);
  const fresh = entries.filter(({ seq }) => seq > after);
  return noticesOfEntries({ entries, fresh, audience }).map(({ notice, to, isNews }) => {
    return { kind: notice.kind, headline: notice.headline, lines: notice.lines, path: notice.path, to, isNews };
  });
}

const made = ['carl', { type: 'plan-made', ...of, plan, goodUntil: NOW }] as const;
const turned = (gate: string, from: string | null, to: string, blocking = true) => {
  return { gate, from, to, why: 'because', blocking };
};
const judged = (...changes: readonly unknown[]) =>
  ['box', { type: 'gates-judged', ...of, changes, blockers: 1, picks: null }] as const;

const refused = (what: string) => ['ana', { type: 'refused', ...of, what, reason: 'the branch moved' }] as const;

describe('what an entry tells', () => {
  it('is a stopped plan to its author and to who carried it out, in whose name it went on', async () => {
    const ended = (end: string) =>
      ['ana', { type: 'apply-ended', ...of, plan: plan.id, end, reason: 'the forge' }] as const;
    expect(await told([made, ended('failed')], 1)).toEqual([
      {
        kind: 'plan-stopped',
        headline: `2.8.0: plan ${plan.id} failed`,
        lines: [`${plan.id} failed: the forge`],
        path: `/plans/${plan.id}`,
        to: ['carl', 'ana'],
        isNews: false,
      },
    ]);
    expect(await told([made, ended('interrupted')], 1)).toEqual([]);
    expect(await told([made, refused(`apply ${plan.id}`)], 1)).toMatchObject([
      { kind: 'plan-stopped', headline: `2.8.0: apply ${plan.id} was refused`, path: `/plans/${plan.id}`, to: ['ana'] },
    ]);
    expect(await told([made, refused('plan approve x')], 1)).toEqual([]);
  });

  it('is that the release is out, once its plan is finished, and nothing of other plans', async () => {
    const finished = ['ana', { type: 'plan-finished', ...of, plan: plan.id, digest: plan.digest }] as const;
    expect(await told([made, finished], 1)).toMatchObject([
      { kind: 'released', headline: '2.8.0: Upload 2.8.0', to: ['ben'], isNews: true, path: '/r/2.8.0/published' },
    ]);
    const cut = planOf([tagStep('core')], { purpose: 'cut' });
    const other = { type: 'plan-finished', ...of, plan: cut.id, digest: cut.digest };
    expect(
      await told(
        [
          ['carl', { type: 'plan-made', ...of, plan: cut, goodUntil: NOW }],
          ['ana', other],
        ],
        1,
      ),
    ).toEqual([]);
  });

  it('are the gates that turned from one end to another, in one notice, and no first sight', async () => {
    expect(
      await told([
        judged(
          turned('ci-green', 'running', 'failing'),
          turned('people', 'failing', 'pass', false),
          turned('docs-build', null, 'failing'),
          turned('sizes', 'failing', 'running'),
          turned('notes', 'failing', 'needs-you', false),
        ),
      ]),
    ).toEqual([
      {
        kind: 'gate-changed',
        headline: '2.8.0: ci-green failing, people pass',
        lines: ['ci-green: running to failing, because', 'people: failing to pass, because'],
        path: '/r/2.8.0',
        to: ['ana', 'ben'],
        isNews: true,
      },
    ]);
    expect(await told([judged(turned('ci-green', 'pass', 'failing'))])).toMatchObject([
      { path: '/r/2.8.0/gates/ci-green' },
    ]);
    expect(await told([judged(turned('ci-green', 'pass', 'waived'))])).toEqual([]);
    expect(await told([judged()])).toEqual([]);
  });

  it('has the headline that the feed has, of whatever both tell', async () => {
    const pick = { repo: 'core', pr: 7, onto: 'release/2.8' };
    const events = [
      ['ana', { type: 'train-frozen', reason: 'x' }],
      ['ana', { type: 'release-abandoned', ...of, reason: 'x' }],
      ['ana', { type: 'candidate-abandoned', ...of, candidate: '2.8.0-rc1', reason: 'x' }],
      ['dora', { type: 'pick-requested', ...of, pick, class: 'regression', fixes: null, via: null }],
      ['ana', { type: 'pick-refused', ...of, pick, reason: '@everyone <b>' }],
    ] as const;
    const entries = await entriesWith(events);
    const notices = noticesOfEntries({ entries, fresh: entries, audience }).map(({ notice }) => notice.headline);
    const feed = entries.flatMap(({ event }) =>
      isNews(event) ? [headlineOf(event, { plans: new Map(), last: 'pypi' })] : [],
    );
    expect(notices).toEqual(feed);
    expect(notices).toContain('2.8.0: pick of core #7 onto release/2.8 refused');
    expect(notices).toContain('The train is frozen');
  });

  it('has the number of its entry, which no other has, and is nothing of what was told before', async () => {
    const entries = await entriesWith([
      ['ana', { type: 'train-frozen', reason: 'x' }],
      ['ana', { type: 'train-thawed', reason: 'x' }],
    ]);
    const idsAfter = (after: number) =>
      noticesOfEntries({ entries, fresh: entries.slice(after), audience }).map(({ notice }) => notice.id);
    expect([0, 1, 2].map(idsAfter)).toEqual([['entry 1', 'entry 2'], ['entry 2'], []]);
  });
});
