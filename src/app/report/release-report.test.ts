import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { LedgerDraft, type LedgerEvent } from '../../domain/ledger-event.ts';
import { cliRun, type CliRan } from '../../testing/cli-terminal.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { plannedCut } from '../../testing/planned-cut.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import type { App } from '../app.ts';

const NOW = '2025-06-24T14:00:04Z';
let app: App;
const go = (...argv: readonly string[]): Promise<CliRan> => cliRun(argv, { app, now: NOW });

beforeEach(() => {
  app = memoryApp();
});

/** Somebody's word, as a later time of the ledger has it. */
async function say(actor: string, at: string, event: LedgerEvent | Record<string, unknown>): Promise<void> {
  const ledger = await app.ledger();
  await ledger.append(app.loaded.train.train, [LedgerDraft.parse({ actor, at, event })]);
}

const pick = (pr: number) => ({ release: '2.8.0', pick: { repo: 'core', pr, onto: 'release/2.8' } });

async function months(): Promise<void> {
  await go('release', 'create', '2.7.1', '--yes');
  await go('release', 'create', '2.8.0', '--yes');
  const id = await plannedCut(app, ReleaseVersion.parse('2.8.0'));
  const ledger = await app.ledger();
  const [plan] = await ledger.read({ train: app.loaded.train.train, types: ['plan-made'] });
  const digest = plan?.event.type === 'plan-made' ? plan.event.plan.digest : '';
  const approved = { type: 'plan-approved', release: '2.8.0', plan: id, digest, role: 'approver' };
  await say('ben', '2025-06-24T14:00:00Z', approved);
  expect(await go('apply', id, '--yes')).toMatchObject({ code: 0 });
  const asked = { class: 'critical', fixes: '#1', via: null };
  await say('gita', '2025-07-01T10:00:00Z', { type: 'pick-requested', ...pick(11), ...asked });
  await say('ana', '2025-07-01T11:00:00Z', { type: 'pick-approved', ...pick(11), head: 'a'.repeat(40) });
  await say('hugo', '2025-07-02T10:00:00Z', { type: 'pick-requested', ...pick(12), ...asked });
  await say('ana', '2025-07-02T11:00:00Z', { type: 'pick-refused', ...pick(12), reason: 'too large' });
  const late = { closedAt: '2025-07-03T17:00:00Z' };
  await say('gita', '2025-07-04T10:00:00Z', { type: 'pick-requested', ...pick(13), ...asked });
  await say('gita', '2025-07-04T10:00:00Z', { type: 'pick-late', ...pick(13), ...late });
  const letIn = { reason: 'data loss', until: '2025-07-06T10:00:00Z' };
  await say('ana', '2025-07-04T11:00:00Z', { type: 'pick-dispensation', ...pick(13), ...letIn });
  await say('ben', '2025-07-05T10:00:00Z', { type: 'train-frozen', reason: 'odd mail' });
  await say('ana', '2025-07-05T11:00:00Z', { type: 'train-thawed', reason: 'a coffee machine' });
  const refused = { what: 'day run pypi', reason: 'Step 7 waits for stage.' };
  await say('cleo', '2025-07-06T10:00:00Z', { type: 'refused', release: '2.8.0', ...refused });
  await say('ana', '2025-07-24T10:00:00Z', { type: 'release-closed', release: '2.8.0', reason: 'it is out' });
}

/** The lines below a head of a release, each once. */
function part(text: string, head: string): readonly string[] {
  const [, after = ''] = text.split(new RegExp(String.raw`^### ${head} \(\d+\)\n`, 'mu'));
  return (after.split(/^##/mu)[0] ?? '').split('\n').filter((line) => line !== '');
}

it('tells what was decided and done, by whom and why, one part per release', async () => {
  await months();
  const { out, code } = await go('release', 'report');
  expect(code).toBe(0);
  expect(out.match(/^## .*$/gmu)).toEqual(['## 2.7.1', '## 2.8.0']);
  expect(out).toContain('| 2.8.0 | 2025-06-24 | 30 | 0 | 1 | 3 | 1 | 1 | closed 2025-07-24: it is out |');
  expect(part(out, 'Gates opened by decision')).toEqual([
    '- 2025-06-24 14:00 UTC ana waived milestone-resolved until 2025-06-24 15:00 UTC: no forge',
  ]);
  expect(part(out, 'Picks: approved')).toEqual([
    '- `core/11>release/2.8` as critical, asked for by gita, 2025-07-01 10:00 UTC, fixes \\#&#8203;1; ana, 2025-07-01 11:00 UTC',
  ]);
  expect(part(out, 'Picks: refused')).toEqual([
    '- `core/12>release/2.8` as critical, asked for by hugo, 2025-07-02 10:00 UTC, fixes \\#&#8203;1; ana, 2025-07-02 11:00 UTC: too large',
  ]);
  expect(part(out, 'Picks: asked for, nothing decided since')[0]).toContain(
    'let in by ana, 2025-07-04 11:00 UTC: data loss',
  );
  expect(part(out, 'Refused')).toEqual([
    '- 2025-07-06 10:00 UTC cleo was refused day run pypi: Step 7 waits for stage.',
  ]);
  expect(out).toContain('- 2025-07-05 10:00 UTC ben froze the train: odd mail');
  const [cut = ''] = part(out, 'Plans carried out');
  expect(cut).toMatch(
    /^- `p[0-9a-z]{5}` Cut 2\.8: .*: made by ana, .*; approved by ben \(approver\); carried out by ana, /u,
  );
});

it('is of one release where one is named, and knows those that were opened only', async () => {
  await months();
  const { out } = await go('release', 'report', '2.7.1');
  expect(out.match(/^## .*$/gmu)).toEqual(['## 2.7.1']);
  expect(await go('release', 'report', '2.6.0')).toMatchObject({ code: 2, out: '' });
  expect((await go('release', 'report', '2.6.0')).err).toContain('signalbox release list');
});

it('is the same from a replayed log, as text and for machines', async () => {
  await months();
  const before = await go('release', 'report');
  const json = await go('release', 'report', '--json');
  const ledger = await app.ledger();
  const entries = await ledger.read({ train: app.loaded.train.train });
  app = memoryApp();
  await (await app.ledger()).restore(app.loaded.train.train, entries);
  expect((await go('release', 'report')).out).toBe(before.out);
  const shape = z.object({ data: z.object({ head: z.string(), releases: z.array(z.object({ days: z.number() })) }) });
  const { data } = shape.parse(JSON.parse(json.out));
  expect(data).toEqual(shape.parse(JSON.parse((await go('release', 'report', '--json')).out)).data);
  expect(data.releases.map(({ days }) => days)).toEqual([0, 30]);
  expect(data.head).toBe(entries.at(-1)?.hash);
});

it('shows what people wrote letter by letter: it calls nobody and makes no markup', async () => {
  await go('release', 'create', '2.8.0', '--yes');
  await go('release', 'close', '2.8.0', '-m', 'a | b <img src=x> @everyone `x` [a](https://b.example)', '--yes');
  const { out } = await go('release', 'report');
  expect(out).not.toMatch(/@everyone|<img|\]\(https/u);
  expect(out).toContain(String.raw`closed 2025-06-24: a \| b &lt;img`);
});

it('says that nothing was written where nothing was', async () => {
  expect((await go('release', 'report')).out).toContain('The ledger is empty.');
});
