import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '../../domain/instant.ts';
import { GateId } from '../../domain/gate.ts';
import type { LedgerEvent } from '../../domain/ledger-event.ts';
import { MailAddress, NO_CHOICE, type NoticeChoice } from '../../domain/notice-choice.ts';
import { RepoKey } from '../../domain/repo.ts';
import { BranchName } from '../../domain/git-names.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { Person, Workstream } from '../../domain/train/people.ts';
import { NotifierError } from '../../ports/notifier.ts';
import { BASE, NOW, planOf, smallTrain, tagStep, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import type { MemoryNotifier } from '../../testing/memory-notifier.ts';
import { noticesInMemory } from '../../testing/notices-in-memory.ts';
import type { App } from '../app.ts';
import { workHealth, reviveWork } from '../bot/queues.ts';
import { approvePlan } from '../plans.ts';
import { todo } from '../todo.ts';
import { followOnce } from './follow.ts';
import { NOTICES, queueDue, sendAsked } from './send.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const plan = planOf([tagStep('core')]);
const PEOPLE = ['ana', 'ben', 'cleo', 'dora'];

interface World {
  readonly app: ReturnType<typeof memoryApp>;
  readonly notifier: MemoryNotifier;
  readonly say: (actor: string, event: LedgerEvent) => Promise<void>;
  readonly wish: (login: string, choice: Partial<NoticeChoice>) => Promise<void>;
  /** Follows, queues and sends what is due. */
  readonly turn: () => Promise<void>;
  /** Subjects by address, in the order sent. */
  readonly told: () => readonly (readonly [string, string])[];
}

const made: LedgerEvent = { type: 'plan-made', release: RELEASE, plan, goodUntil: addSeconds(NOW, 86_400) };

async function world(change: Partial<App> = {}): Promise<World> {
  const telling = noticesInMemory();
  const app = memoryApp({ ...telling, ...change });
  const { notifier } = telling.telling;
  const jobs = await app.jobs();
  const box = await app.notices();
  for (const login of PEOPLE) {
    const mail = MailAddress.parse(`${login}@example.org`);
    await box.choices.set(login, { ...NO_CHOICE, by: 'mail', mail, quiet: 'none' }, NOW);
  }
  const say = async (actor: string, event: LedgerEvent): Promise<void> => {
    await (await app.ledger()).append(smallTrain.train, [{ at: app.clock.now(), actor, event }]);
  };
  await say('ana', { type: 'release-created', release: RELEASE });
  await jobs.work(NOTICES, ({ data, isLast }) => sendAsked(app, { order: data, isLast, site: 'https://s.example' }));
  const drain = async (): Promise<void> => {
    // The memory's worker runs on its own; nothing waits for time.
    for (let left = 50; left > 0; left -= 1) {
      const { waiting, running } = await jobs.counts(NOTICES);
      if (waiting + running === 0) return;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    throw new Error('messages are still waiting');
  };
  return {
    app,
    notifier,
    say,
    wish: async (login, choice) => {
      const before = (await box.choices.get(login)) ?? NO_CHOICE;
      await box.choices.set(login, { ...before, ...choice }, NOW);
    },
    turn: async () => {
      await followOnce(app);
      await queueDue(app);
      await drain();
    },
    told: () =>
      notifier.sent.map(
        ({ to, subject }) => [to.channel === 'mail' ? to.address : JSON.stringify(to), subject] as const,
      ),
  };
}

/** What waits for a person of whom a test asks nothing else: gates of the small train wait for release managers. */
const about = (text: string) => (one: readonly [string, string]) => one[1].includes(text);

describe('a plan that needs approval', () => {
  it('is told to who may approve, with its page, and to nobody twice', async () => {
    const { turn, say, told, notifier, app } = await world();
    await turn();
    const before = told().length;
    await say('ana', made);
    await turn();
    await turn();
    app.clock.move(400);
    await turn();
    const fresh = told().slice(before);
    expect(
      fresh
        .filter(about(`approve plan ${plan.id}`))
        .map(([to]) => to)
        .toSorted(),
    ).toEqual(['ben@example.org', 'cleo@example.org', 'dora@example.org']);
    const item = notifier.sent.at(-1)?.items[0];
    expect(item?.link).toBe(`https://s.example/plans/${plan.id}`);
    expect(item?.lines).toContain(`next: signalbox plan show ${plan.id}`);
  });

  it('is not told at night to who sleeps, and not at all once they or others have done it', async () => {
    const { turn, say, told, wish, app } = await world();
    await wish('ben', { quiet: null });
    await turn();
    app.clock.move(8 * 3600);
    await turn();
    const before = told().length;
    await say('ana', made);
    await turn();
    expect(
      told()
        .slice(before)
        .filter(about('approve'))
        .map(([to]) => to)
        .toSorted(),
    ).toEqual(['cleo@example.org', 'dora@example.org']);
    for (const who of ['cleo', 'dora']) await approvePlan({ ...app, who: () => Promise.resolve(who) }, plan.id);
    app.clock.move(10 * 3600);
    await turn();
    expect(
      told()
        .slice(before)
        .filter(about('approve plan'))
        .map(([to]) => to),
    ).not.toContain('ben@example.org');
    const kept = await (await app.notices()).list({ who: 'ben', last: 50 });
    expect(kept.find(({ notice }) => notice.kind === 'approval')).toMatchObject({ state: 'dropped' });
    // It can be carried out now: that waits for its author.
    expect(told().filter(about(`apply plan ${plan.id}`))).toEqual([
      ['ana@example.org', expect.stringContaining('needs you')],
    ]);
  });

  it('is told to whoever wishes it later, since it still waits', async () => {
    const { turn, say, told, wish } = await world();
    await wish('ben', { by: 'none' });
    await say('ana', made);
    await turn();
    expect(told().filter(([to]) => to.startsWith('ben'))).toEqual([]);
    await wish('ben', { by: null, kinds: { approval: { by: 'mail' } } });
    await say('ana', { type: 'train-thawed', reason: 'anything new' });
    await turn();
    expect(
      told()
        .filter(([to]) => to.startsWith('ben'))
        .filter(about('approve plan')),
    ).toHaveLength(1);
  });
});

describe('what waits for somebody who is away', () => {
  const away = { away: [{ from: '2025-06-20', to: '2025-06-26' }], deputies: ['ben'] };
  const people = { ana: Person.parse(away) };
  const workstreams = { docs: Workstream.parse({ title: 'Docs' }) };
  const train = { ...smallTrain, people, workstreams };

  it('is told to their deputy, for whom and until when, and to nobody twice; to them once they are back', async () => {
    const { turn, told, notifier, app } = await world({ loaded: { train, digest: TRAIN_DIGEST } });
    await turn();
    await turn();
    const gates = notifier.sent.flatMap(({ to, items }) =>
      items.flatMap(({ headline, lines }) =>
        headline.includes('gate') || lines.some((line) => line.includes('for @ana'))
          ? [[to.channel === 'mail' ? to.address : '', headline, lines[0]] as const]
          : [],
      ),
    );
    expect(gates.length).toBeGreaterThan(0);
    expect(new Set(gates.map(([to]) => to))).toEqual(new Set(['ben@example.org']));
    expect(new Set(gates.map(([, , line]) => line))).toEqual(new Set(['for @ana, until 26 Jun']));
    expect(new Set(gates.map(([, headline]) => headline)).size).toBe(gates.length);
    const { people: lists } = await todo(app, { release: RELEASE });
    const names = (who: string) =>
      lists.find((one) => one.who === who)?.duties.flatMap((duty) => (duty.kind === 'gate' ? [duty.gate.id] : []));
    expect(names('ana')).toEqual(names('ben'));
    expect(lists.find(({ who }) => who === 'ana')?.duties[0]?.standIn).toEqual({
      is: 'by',
      who: 'ben',
      until: '2025-06-26',
    });
    const before = told().length;
    app.clock.move(4 * 86_400);
    await turn();
    await turn();
    expect(
      new Set(
        told()
          .slice(before)
          .map(([to]) => to),
      ),
    ).toEqual(new Set(['ana@example.org']));
  });

  it('is told to nobody who was told before they left, but to the deputy', async () => {
    const later = { ana: Person.parse({ ...away, away: [{ from: '2025-06-25', to: '2025-06-26' }] }) };
    const { turn, told, app } = await world({ loaded: { train: { ...train, people: later }, digest: TRAIN_DIGEST } });
    await turn();
    const to = (from: number) =>
      new Set(
        told()
          .slice(from)
          .map(([address]) => address),
      );
    expect(to(0)).toEqual(new Set(['ana@example.org']));
    const before = told().length;
    app.clock.move(86_400);
    await turn();
    expect(to(before)).toEqual(new Set(['ben@example.org']));
    const gone = told().length;
    // Back again: what was told before is known.
    app.clock.move(2 * 86_400);
    await turn();
    expect(to(gone)).toEqual(new Set());
  });
});

describe('what happened', () => {
  it('is told to whom it concerns and not to who did it; in a digest everything once', async () => {
    const { turn, say, told, wish, app } = await world();
    for (const who of PEOPLE) await wish(who, { kinds: { 'needs-you': { by: 'none' }, approval: { by: 'none' } } });
    await turn();
    await wish('ben', { kinds: { train: { when: 'digest' }, 'needs-you': { by: 'none' }, approval: { by: 'none' } } });
    await say('cleo', { type: 'train-frozen', reason: 'the forge is down' });
    await turn();
    await say('cleo', { type: 'train-thawed', reason: 'it is back' });
    await turn();
    expect(told().map(([to]) => to)).toEqual(['ana', 'dora', 'ana', 'dora'].map((who) => `${who}@example.org`));
    app.clock.move(86_400);
    await turn();
    await turn();
    const digests = told().filter(([to]) => to.startsWith('ben'));
    expect(digests).toEqual([['ben@example.org', '[Small] 2 things happened']]);
  });

  it('is told of gates that were seen to turn too, which nothing that decides reads', async () => {
    const { turn, say, told, wish } = await world();
    for (const who of PEOPLE) await wish(who, { kinds: { 'needs-you': { by: 'none' } } });
    await wish('ben', { kinds: { 'gate-changed': { when: 'at-once' } } });
    await turn();
    const before = told().length;
    const change = {
      gate: GateId.parse('ci-green'),
      from: 'pass',
      to: 'failing',
      why: 'a job fails',
      blocking: true,
    } as const;
    await say('box', { type: 'gates-judged', release: RELEASE, changes: [change], blockers: 1, picks: null });
    await turn();
    await turn();
    expect(told().slice(before)).toEqual([['ben@example.org', '[Small] 2.8.0: ci-green failing']]);
  });

  it('before the first step is told to nobody', async () => {
    const { turn, say, told } = await world();
    await say('cleo', { type: 'train-frozen', reason: 'long ago' });
    await turn();
    expect(told().filter(about('frozen'))).toEqual([]);
  });

  it('to a pick is told to who asked for it', async () => {
    const { turn, say, told, wish } = await world();
    await wish('alice', { by: 'mail', mail: MailAddress.parse('alice@example.org'), quiet: 'none' });
    const pick = { repo: RepoKey.parse('core'), pr: 7, onto: BranchName.parse('release/2.8') };
    const of = { release: RELEASE, pick };
    await say('alice', { type: 'pick-requested', ...of, class: 'regression', fixes: null, via: null });
    await turn();
    const before = told().length;
    await say('ana', { type: 'pick-approved', ...of, head: BASE });
    await say('ana', { type: 'pick-refused', ...of, reason: '@everyone <!channel> no' });
    await say('alice', { type: 'pick-withdrawn', ...of, reason: '' });
    await turn();
    expect(
      told()
        .slice(before)
        .filter(([to]) => to.startsWith('alice')),
    ).toEqual([['alice@example.org', '[Small] 2 things happened']]);
  });
});

describe('a message that does not go out', () => {
  it('is tried again, is shown among the dead with its reason, and is sent once revived', async () => {
    const { turn, say, notifier, told, app } = await world();
    await turn();
    const before = told().length;
    await say('cleo', { type: 'train-frozen', reason: 'x' });
    notifier.failures.push(
      ...Array.from({ length: 6 }, () => new NotifierError('unreachable', 'the mail server m cannot be reached')),
    );
    await turn();
    await turn();
    const { dead } = await workHealth(app);
    const reason = 'the mail server m cannot be reached';
    expect(dead.filter(({ queue }) => queue === NOTICES).map(({ what, error }) => [what, error])).toEqual(
      ['ana', 'ben', 'dora'].map(() => ['a message of 1 notice', reason]),
    );
    const kept = await (await app.notices()).list({ state: 'waiting', last: 9 });
    expect(kept.map(({ why }) => why)).toEqual([reason, reason, reason]);
    expect((await reviveWork(app, null)).ok).toBe(true);
    await turn();
    expect(
      told()
        .slice(before)
        .map(([to]) => to)
        .toSorted(),
    ).toEqual(['ana', 'ben', 'dora'].map((who) => `${who}@example.org`));
  });

  it('because its process died is sent by another under the same id, and says so where it may be twice', async () => {
    const { say, notifier, app } = await world({});
    await followOnce(app);
    await say('cleo', { type: 'train-frozen', reason: 'x' });
    await followOnce(app);
    const box = await app.notices();
    const [one] = (await box.due(app.clock.now())).filter(({ notice }) => notice.kind === 'train');
    const order = { ids: [one?.id ?? ''] };
    // As a process leaves it that is killed after it began.
    await box.begin(order.ids, app.clock.now(), NOW);
    const input = { order, isLast: false, site: null };
    await expect(sendAsked(app, input)).rejects.toThrow('another process is sending this message');
    expect(notifier.sent).toEqual([]);
    app.clock.move(121);
    await sendAsked(app, input);
    await sendAsked(app, input);
    expect(notifier.sent).toMatchObject([{ again: true }]);
  });
});

describe('several processes that follow and send at the same time', () => {
  it('tell everything to everybody once, whichever of them fail when', async () => {
    const anyAct = fc.constantFrom('follow', 'queue', 'say', 'fail', 'wait');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyAct, anyAct), { maxLength: 25 }), async (acts) => {
        const { app, say, notifier, turn, wish } = await world();
        for (const who of PEOPLE) await wish(who, { kinds: { 'needs-you': { by: 'none' } } });
        await followOnce(app);
        let events = 0;
        const act = async (what: string): Promise<void> => {
          if (what === 'follow') await followOnce(app);
          if (what === 'queue') await queueDue(app);
          if (what === 'fail') notifier.failures.push(new NotifierError('busy', 'later'));
          if (what === 'wait') app.clock.move(30);
          if (what !== 'say') return;
          events += 1;
          await say('stranger', { type: events % 2 === 0 ? 'train-thawed' : 'train-frozen', reason: `${events}` });
        };
        for (const [one, other] of acts) await Promise.all([act(one), act(other)]);
        notifier.failures.length = 0;
        await turn();
        await reviveWork(app, null);
        await turn();
        const told = notifier.sent.flatMap(({ to, items }) =>
          items.flatMap(({ lines }) => lines.map((line) => `${to.channel === 'mail' ? to.address : ''} ${line}`)),
        );
        expect(new Set(told).size).toBe(told.length);
        expect(told).toHaveLength(events * PEOPLE.length);
      }),
      { numRuns: 40 },
    );
  });
});

it('takes what waits from the ledger alone where nothing else is new', async () => {
  const { app } = await world();
  expect(await followOnce(app)).not.toBeNull();
  expect(await followOnce(app)).toBeNull();
  app.clock.move(301);
  expect(await followOnce(app)).not.toBeNull();
});
