import { expect, it } from 'vitest';
import { GatePageView } from '../../api/views/gate.ts';
import { LogView } from '../../api/views/log.ts';
import { PlanPageView, PlansView } from '../../api/views/plan.ts';
import { PublishedView } from '../../api/views/published.ts';
import { TodoView } from '../../api/views/todo.ts';
import type { App } from '../../app/app.ts';
import { askApply } from '../../app/ask-apply.ts';
import { applyPlan } from '../../app/apply-plan.ts';
import { NOTHING_KEPT, recordVerdicts } from '../../app/verdicts/record.ts';
import { waiveGate } from '../../app/gates.ts';
import { markFinal } from '../../app/final-candidate.ts';
import { listPlans, savePlan, showPlan } from '../../app/plans.ts';
import { publishedRelease } from '../../app/promotion/published.ts';
import { entriesOf } from '../../app/record.ts';
import { createRelease } from '../../app/releases.ts';
import { todo } from '../../app/todo.ts';
import { eventText } from '../../domain/event-text.ts';
import { addSeconds } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { roomOf, wordsOf } from '../../testing/doc-says.ts';
import { cutStep, NOW, planOf, tagStep } from '../../testing/engine-world.ts';
import { draft } from '../../testing/ledger-draft.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { PROMOTED, promotionApp } from '../../testing/promotion-app.ts';
import type { Page } from '../page.ts';
import { gatePage } from './gate.ts';
import { logPage } from './log.ts';
import { planPage } from './plan.ts';
import { plansPage } from './plans.ts';
import { publishedPage } from './published.ts';
import { todoPage } from './todo.ts';

const release = ReleaseVersion.parse('2.8.0');
interface Asked {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
}

async function refusalOf(page: Page, app: App, { params = {}, query = {} }: Asked): Promise<string | null> {
  const read = await page.read({ app, params, query });
  return read.ok ? null : read.problems[0].code;
}

/** The view as it comes out of JSON, and the page that is made from it. */
async function seen(page: Page, app: App, { params = {}, query = {} }: Asked) {
  const read = await page.read({ app, params, query });
  if (!read.ok) throw new Error(read.problems[0].text);
  const view: unknown = JSON.parse(JSON.stringify(read.value.view));
  return { view, stale: read.value.stale, words: wordsOf(page.doc(view, roomOf({ query }))) };
}

const cut = planOf([cutStep('core'), cutStep('vision')]);

it('shows a plan as the command line does, with what was done of it', async () => {
  const app = memoryApp();
  await savePlan(app, cut);
  await applyPlan(app, { id: cut.id, confirmation: null, stop: new AbortController().signal, report: () => undefined });
  const shown = await showPlan(app, cut.id);
  const { view } = await seen(planPage, app, { params: { id: cut.id } });
  const plan = PlanPageView.parse(view);
  if (!shown.ok) throw new Error('the plan is there');
  const { receipts, state, madeAt, goodUntil, permanent, approvalsNeeded } = shown.value;
  expect(plan).toMatchObject({
    state,
    madeAt,
    goodUntil,
    permanent,
    approvalsNeeded,
    digest: cut.digest,
    done: receipts.length,
  });
  expect(plan.shown.map(({ key, done, doneBy }) => [key, done, doneBy])).toEqual(
    receipts.map(({ step, by }) => [step, 1, by]),
  );
  expect(plan.counts).toBe('Plan: 2 to create.');
});

it('says of a plan that it was asked for, and what differs from another', async () => {
  const app = memoryApp();
  const other = planOf([cutStep('core')], { title: 'Cut core' });
  for (const plan of [cut, other]) await savePlan(app, plan);
  await askApply(app, { id: cut.id, confirmation: null });
  const asked = await seen(planPage, app, { params: { id: cut.id }, query: { against: other.id } });
  expect(PlanPageView.parse(asked.view)).toMatchObject({
    asked: true,
    difference: { to: other.id, removed: ['branch vision orig/release/2.8, release/2.8'], added: [], same: 1 },
  });
  const none = await seen(planPage, app, { params: { id: other.id }, query: { against: 'pzzzzz' } });
  expect(none.stale).toBe(true);
  expect(none.words).toContain('It could not be compared: There is no plan pzzzzz');
  expect(await refusalOf(planPage, app, { params: { id: '../../etc' } })).toBe('plan-unknown');
});

it('compares a plan with what would be planned now, or says why it cannot', async () => {
  const app = memoryApp();
  await savePlan(app, cut);
  const { view } = await seen(planPage, app, { params: { id: cut.id }, query: { against: 'now' } });
  const { difference, differenceProblem } = PlanPageView.parse(view);
  expect(difference === null).toBe(differenceProblem !== null);
});

it('lists plans newest first, and those of one release', async () => {
  const app = memoryApp();
  await savePlan(app, cut);
  await savePlan(app, planOf([tagStep('core')]));
  const { view } = await seen(plansPage, app, {});
  const ids = (await listPlans(app, {})).map(({ plan }) => plan.id);
  expect(PlansView.parse(view).plans.map(({ id }) => id)).toEqual(ids.toReversed());
  expect(PlansView.parse((await seen(plansPage, app, { query: { release: '2.9.0' } })).view).plans).toEqual([]);
  expect(await refusalOf(plansPage, app, { query: { release: 'x' } })).toBe('not-a-release');
});

it('shows what waits as the command line does, of every live release', async () => {
  const app = memoryApp();
  await createRelease(app, release);
  await savePlan(app, planOf([tagStep('core')]));
  const { view, words } = await seen(todoPage, app, {});
  const { people } = await todo(app, { release });
  expect(TodoView.parse(view).people.map(({ who, duties }) => [who, duties.length])).toEqual(
    people.map(({ who, duties }) => [who, duties.length]),
  );
  expect(words).toContain('approve plan');
  expect(words).toContain('signalbox plan show');
});

it('shows the log with its filters, one entry, and whether the chain holds', async () => {
  const app = memoryApp();
  await createRelease(app, release);
  await waiveGate(app, { release, gate: 'people', reason: 'away', until: addSeconds(NOW, 3600) });
  const entries = await entriesOf(app);
  const all = LogView.parse((await seen(logPage, app, {})).view);
  expect(all.entries.map(({ seq, text }) => [seq, text])).toEqual(
    entries.toReversed().map(({ seq, event }) => [seq, eventText(event)]),
  );
  expect(all.check).toBeNull();
  const waived = LogView.parse((await seen(logPage, app, { query: { type: 'gate-waived', who: '@ana' } })).view);
  expect(waived.entries.map(({ type }) => type)).toEqual(['gate-waived']);
  const one = await seen(logPage, app, { query: { seq: '1', verify: '1' } });
  expect(LogView.parse(one.view)).toMatchObject({
    entries: [{ seq: 1 }],
    check: { entries: entries.length, faults: [] },
  });
  expect(
    LogView.parse((await seen(logPage, app, { query: { before: '2' } })).view).entries.map(({ seq }) => seq),
  ).toEqual([1]);
  expect(await refusalOf(logPage, app, { query: { seq: '99' } })).toBe('entry-unknown');
  expect(await refusalOf(logPage, app, { query: { seq: '-1' } })).toBe('not-an-entry');
});

it('leaves verdicts that turned out of the log unless they are asked for, and says so', async () => {
  const app = memoryApp();
  await createRelease(app, release);
  await recordVerdicts(app, release, NOTHING_KEPT);
  const typesIn = async (query: Record<string, string>) => {
    const { view, words } = await seen(logPage, app, { query });
    return { types: LogView.parse(view).entries.map(({ type }) => type), words };
  };
  const usual = await typesIn({});
  expect(usual.types).toEqual(['release-created']);
  expect(usual.words).toContain('Verdicts of gates that turned are left out.');
  const all = await typesIn({ verdicts: '1' });
  expect(all.types).toEqual(['gates-judged', 'release-created']);
  expect(all.words).not.toContain('are left out');
  expect((await typesIn({ type: 'gates-judged' })).types).toEqual(['gates-judged']);
  expect((await typesIn({ seq: '2' })).types).toEqual(['gates-judged']);
  expect((await typesIn({ verdicts: '1', actions: '1' })).types).toEqual(['release-created']);
  expect((await typesIn({ type: '<script>' })).types).toEqual([]);
});

it('reads the log by pages, a filter by person too, and never all of it', async () => {
  const app = memoryApp();
  const ledger = await app.ledger();
  const drafts = Array.from({ length: 2600 }, (_, index) =>
    draft(`${index}`, index % 500 === 0 ? {} : { release: '2.9.0' }),
  );
  await ledger.append(
    app.loaded.train.train,
    drafts.map((each, index) => ({ ...each, actor: index % 500 === 0 ? 'mona' : 'bot' })),
  );
  let most = 0;
  const counted: App = {
    ...app,
    ledger: () =>
      Promise.resolve({
        ...ledger,
        read: async (query) => {
          const entries = await ledger.read(query);
          most = Math.max(most, entries.length);
          return entries;
        },
      }),
  };
  const logOf = async (query: Record<string, string>) => LogView.parse((await seen(logPage, counted, { query })).view);
  const first = await logOf({});
  expect([first.entries.length, first.entries[0]?.seq, first.entries.at(-1)?.seq, first.more]).toEqual([
    200,
    2600,
    2401,
    true,
  ]);
  expect(most).toBe(201);
  const last = await logOf({ before: '101' });
  expect([last.entries.length, last.more]).toEqual([100, false]);
  const mona = await logOf({ who: '@mona' });
  expect(mona.entries.map(({ seq }) => seq)).toEqual([2501, 2001, 1501, 1001, 501, 1]);
  expect(mona.more).toBe(false);
  expect(most).toBe(1000);
  expect((await logOf({ who: 'eve' })).entries).toEqual([]);
});

it('shows decisions about a gate from the ledger, newest first', async () => {
  const app = memoryApp();
  await waiveGate(app, { release, gate: 'milestone-resolved', reason: 'away', until: addSeconds(NOW, 3600) });
  const alice = { ...app, who: () => Promise.resolve('alice') };
  await waiveGate(alice, { release, gate: 'milestone-resolved', reason: 'me too', until: addSeconds(NOW, 3600) });
  const { view } = await seen(gatePage, app, { params: { release: '2.8.0', gate: 'milestone-resolved' } });
  const { gate, history } = GatePageView.parse(view);
  expect(gate).toMatchObject({ verdict: 'waived', waiver: { by: 'ana', reason: 'away' } });
  expect(history.map(({ what, actor }) => [what, actor])).toEqual([
    ['refused', 'alice'],
    ['waived', 'ana'],
  ]);
  expect(await refusalOf(gatePage, app, { params: { release: '2.8.0', gate: 'nightlies' } })).toBe('gate-unknown');
});

it('shows what is public as the command line does, and refuses before a candidate is final', async () => {
  const { app, candidate, waive } = await promotionApp();
  expect(await refusalOf(publishedPage, app, { params: { release: PROMOTED } })).not.toBeNull();
  const named = await candidate(1);
  await waive([
    'milestone-resolved',
    'picks-settled',
    'reverts-settled',
    'artifacts-complete',
    'artifacts-valid',
    'index-valid',
    'companions-resolve',
  ]);
  expect(await markFinal(app, { candidate: named, reason: '' })).toMatchObject({ ok: true });
  const { view, words } = await seen(publishedPage, app, { params: { release: PROMOTED } });
  const known = await publishedRelease(app, PROMOTED);
  if (!known.ok) throw new Error('it is final');
  expect(PublishedView.parse(view)).toMatchObject({ rows: known.value.rows, holds: false, publishedAt: null });
  expect(words).toContain('2.8.0 is not released.');
});
