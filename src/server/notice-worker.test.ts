import { expect, it } from 'vitest';
import { LedgerDraft } from '../domain/ledger-event.ts';
import { MailAddress, NO_CHOICE } from '../domain/notice-choice.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { NOW, planOf, smallTrain, tagStep } from '../testing/engine-world.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { noticesInMemory } from '../testing/notices-in-memory.ts';
import { startNoticeWorker } from './notice-worker.ts';
import { PAGES } from './pages/index.ts';
import { pageFinder } from './address.ts';

it('tells of what comes into the ledger as soon as it is said, with a page that there is', async () => {
  const notices = noticesInMemory();
  const app = memoryApp(notices);
  const { notifier } = notices.telling;
  const box = await app.notices();
  const wish = {
    ...NO_CHOICE,
    by: 'mail' as const,
    quiet: 'none' as const,
    mail: MailAddress.parse('ben@example.org'),
  };
  await box.choices.set('ben', wish, NOW);
  const ledger = await app.ledger();
  const release = ReleaseVersion.parse('2.8.0');
  const plan = planOf([tagStep('core')]);
  const said: string[] = [];
  const log = (event: string): void => void said.push(event);
  const workers = await Promise.all([1, 2].map(() => startNoticeWorker(app, log, 'https://signalbox.example')));
  await expect.poll(() => box.followed()).not.toBeNull();
  const at = app.clock.now();
  await ledger.append(
    smallTrain.train,
    [
      { at, actor: 'ana', event: { type: 'release-created', release } },
      { at, actor: 'ana', event: { type: 'plan-made', release, plan, goodUntil: NOW } },
      { at, actor: 'ana', event: { type: 'train-frozen', reason: 'x' } },
      { at, actor: 'ana', event: { type: 'apply-ended', release, plan: plan.id, end: 'failed', reason: 'the forge' } },
      { at, actor: 'ana', event: { type: 'candidate-abandoned', release, candidate: '2.8.0-rc1', reason: 'x' } },
      { at, actor: 'ana', event: { type: 'gate-waiver-ended', release, gate: 'people', reason: 'x' } },
      { at, actor: 'ana', event: { type: 'release-checked', release, check: '1-hour', holds: false, findings: ['f'] } },
    ].map((draft) => LedgerDraft.parse(draft)),
  );
  for (const worker of workers) worker.changed();
  await expect.poll(() => notifier.sent.length).toBeGreaterThan(0);
  for (const worker of workers) await worker.stop();
  const kept = await box.list({ who: 'ben', last: 50 });
  expect(kept.map(({ notice }) => notice.kind).toSorted()).toEqual(
    expect.arrayContaining(['candidate', 'gate-changed', 'released', 'train']),
  );
  const find = pageFinder(PAGES);
  const paths = (await box.list({ last: 50 })).map(({ notice }) => new URL(notice.path, 'https://x.example'));
  const missing = paths.filter(({ pathname, searchParams }) => find(pathname, searchParams) === null);
  expect(missing).toEqual([]);
  expect(said).not.toContain('notices-failed');
});
