import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../domain/canonical-json.ts';
import { Instant } from '../domain/instant.ts';
import { LedgerDraft, type LedgerEntry } from '../domain/ledger-event.ts';
import type { Lease, LeaseHolder, Leases, Ledger } from '../ports/ledger.ts';
import { draft, frozen } from './ledger-draft.ts';
import { memoryLedger } from './memory-ledger.ts';

/** What the contract is tried on; `close` is called at the end. */
export interface LedgerUnderTest {
  readonly ledger: Ledger;
  readonly leases: Leases;
  close(): Promise<void>;
}

function created(release: string): LedgerDraft {
  return LedgerDraft.parse({ at: '2025-03-17T08:00:00Z', actor: 'mona', event: { type: 'release-created', release } });
}

const reasonOf = (entry: LedgerEntry): string =>
  entry.event.type === 'refused' ? entry.event.reason : entry.event.type;

/** What every ledger and every lease keeps to, whatever it is made of. */
export function ledgerContract(make: () => Promise<LedgerUnderTest>): void {
  let under: LedgerUnderTest;
  let trains = 0;
  const newTrain = (): string => {
    trains += 1;
    return `train ${trains} of ${process.pid}-${performance.timeOrigin}`;
  };

  beforeAll(async () => {
    under = await make();
  });
  afterAll(() => under.close());

  // Made by a ledger of its own, so that the train has no entries in the one under test.
  const exported = async (): Promise<{ readonly train: string; readonly entries: readonly LedgerEntry[] }> => {
    const train = newTrain();
    return { train, entries: await memoryLedger().append(train, [created('2.7.0'), frozen('one'), draft('two')]) };
  };
  const takeFree = async (train: string, holder: LeaseHolder): Promise<Lease> => {
    const answer = await under.leases.take(train, 'apply', holder);
    if (!answer.taken) throw new Error(`the lease was not free: ${answer.by.holder} has it`);
    return answer.lease;
  };

  describe('ledger', () => {
    it('gives entries their places and links each to the one before', async () => {
      const train = newTrain();
      const first = await under.ledger.append(train, [created('2.7.0'), draft('one')]);
      const second = await under.ledger.append(train, [draft('two')]);
      const all = [...first, ...second];
      expect(all.map((entry) => entry.seq)).toEqual([1, 2, 3]);
      expect(all.map((entry) => entry.prev)).toEqual([null, all[0]?.hash, all[1]?.hash]);
      expect(await under.ledger.read({ train })).toEqual(all);
      expect(await under.ledger.verify(train)).toEqual({ entries: 3, head: all[2]?.hash, faults: [] });
    });

    it('stores all of an append or nothing', async () => {
      const train = newTrain();
      const broken: LedgerDraft = { ...draft('two'), actor: '' };
      await expect(under.ledger.append(train, [draft('one'), broken])).rejects.toMatchObject({ code: 'invalid' });
      expect(await under.ledger.read({ train })).toEqual([]);
      expect(await under.ledger.append(train, [])).toEqual([]);
      expect(await under.ledger.trains()).not.toContain(train);
    });

    it('reads what the query asks for, oldest first', async () => {
      const train = newTrain();
      await under.ledger.append(train, [
        created('2.7.0'),
        draft('a'),
        created('2.7.1'),
        draft('b', { release: '2.7.1' }),
        draft('c'),
      ]);
      const seqs = async (query: object): Promise<readonly number[]> =>
        (await under.ledger.read({ train, ...query })).map((entry) => entry.seq);
      expect(await seqs({ after: 3 })).toEqual([4, 5]);
      expect(await seqs({ after: 5 })).toEqual([]);
      expect(await seqs({ release: '2.7.1' })).toEqual([3, 4]);
      expect(await seqs({ types: ['release-created'] })).toEqual([1, 3]);
      expect(await seqs({ types: [] })).toEqual([]);
      expect(await seqs({ last: 2 })).toEqual([4, 5]);
      expect(await seqs({ last: 0 })).toEqual([]);
      expect(await seqs({ last: 99 })).toEqual([1, 2, 3, 4, 5]);
      expect(await seqs({ release: '2.7.0', types: ['refused'], last: 1, after: 1 })).toEqual([5]);
      expect(await seqs({ release: "2.7.0' OR true --" })).toEqual([]);
      expect(await seqs({ before: 3 })).toEqual([1, 2]);
      expect(await seqs({ before: 1 })).toEqual([]);
      expect(await seqs({ after: 1, before: 5, last: 2 })).toEqual([3, 4]);
      expect(await seqs({ before: 5, release: '2.7.0', types: ['refused'], last: 1 })).toEqual([2]);
    });

    it('appends what somebody expects only where nobody was faster', async () => {
      const train = newTrain();
      const expected = { release: '2.7.0', type: 'refused', newest: null } as const;
      expect(await under.ledger.append(train, [draft('one')], expected)).toMatchObject([{ seq: 1 }]);
      expect(await under.ledger.append(train, [draft('two')], expected)).toEqual([]);
      // Of other releases, of the train and of other types anything may come between.
      await under.ledger.append(train, [draft('b', { release: '2.7.1' }), frozen('the key leaked'), created('2.7.0')]);
      expect(await under.ledger.append(train, [draft('two')], { ...expected, newest: 1 })).toMatchObject([{ seq: 5 }]);
      expect(await under.ledger.append(train, [draft('three')], { ...expected, newest: 1 })).toEqual([]);
      expect(await under.ledger.append(train, [draft('three')], { ...expected, newest: null })).toEqual([]);
      expect((await under.ledger.read({ train })).map(reasonOf)).toHaveLength(5);
      expect((await under.ledger.verify(train)).faults).toEqual([]);
    });

    it('lets one of many win that expect the same', async () => {
      const train = newTrain();
      const expected = { release: '2.7.0', type: 'refused', newest: null } as const;
      const stored = await Promise.all(
        Array.from({ length: 20 }, (_, index) => under.ledger.append(train, [draft(`${index}`)], expected)),
      );
      expect(stored.filter((entries) => entries.length > 0)).toHaveLength(1);
      expect(await under.ledger.read({ train })).toHaveLength(1);
    });

    it('gives what is about the whole train with every release, and only then without one', async () => {
      const train = newTrain();
      await under.ledger.append(train, [draft('a'), frozen('the key leaked'), draft('b', { release: '2.7.1' })]);
      const seqs = async (query: object): Promise<readonly number[]> =>
        (await under.ledger.read({ train, ...query })).map((entry) => entry.seq);
      expect(await seqs({})).toEqual([1, 2, 3]);
      expect(await seqs({ release: '2.7.0' })).toEqual([1, 2]);
      expect(await seqs({ release: '2.7.1' })).toEqual([2, 3]);
      expect(await seqs({ release: '2.7.1', last: 1 })).toEqual([3]);
      expect(await seqs({ release: '2.7.1', types: ['refused'] })).toEqual([3]);
      expect((await under.ledger.verify(train)).faults).toEqual([]);
    });

    it('keeps the decisions around a promotion as they were written', async () => {
      const train = newTrain();
      const of = { release: '2.7.0', candidate: '2.7.0-rc1', reason: 'because' };
      const manifest = `sha256:${'a'.repeat(64)}`;
      const ofPlan = { release: '2.7.0', plan: 'p7k2m9', reason: 'because' };
      const events: readonly object[] = [
        { type: 'candidate-final', ...of, manifest },
        { type: 'candidate-final', ...of, manifest, reason: '' },
        { type: 'candidate-final-withdrawn', ...of },
        { type: 'candidate-abandoned', ...of },
        { type: 'release-abandoned', release: '2.7.0', reason: 'because' },
        { type: 'train-frozen', reason: 'because' },
        { type: 'train-thawed', reason: 'because' },
        { type: 'apply-stop-asked', ...ofPlan },
        ...['stopped', 'interrupted', 'failed'].map((end) => ({ type: 'apply-ended', ...ofPlan, end })),
        {
          type: 'gates-judged',
          release: '2.7.0',
          changes: [
            { gate: 'people', from: null, to: 'pass', why: '3 of 3 named', blocking: false },
            { gate: 'nightlies-green:core', from: 'pass', to: 'no-data', why: 'no answer', blocking: true },
          ],
          blockers: 1,
          picks: { open: 4, waiting: 2 },
        },
        { type: 'gates-judged', release: '2.7.0', changes: [], blockers: 0, picks: null },
      ];
      const at = '2025-03-17T09:00:00Z';
      await under.ledger.append(
        train,
        events.map((event) => LedgerDraft.parse({ at, actor: 'mona', event })),
      );
      const stored = await under.ledger.read({ train });
      expect(stored.map(({ event }) => event)).toEqual(events);
      expect((await under.ledger.verify(train)).faults).toEqual([]);
      const other = newTrain();
      const chained = await memoryLedger().append(
        other,
        stored.map(({ actor, event }) => ({ at: Instant.parse(at), actor, event })),
      );
      await under.ledger.restore(other, chained);
      expect(await under.ledger.read({ train: other })).toEqual(chained);
    });

    it('makes one chain of appends that come all at once', async () => {
      const train = newTrain();
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => under.ledger.append(train, [draft(`${index}`), draft('next')])),
      );
      const entries = await under.ledger.read({ train });
      expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
      const besides = entries.filter((entry) => reasonOf(entry) === 'next').map((entry) => entry.seq % 2);
      expect(besides, 'what was appended together stays together').toEqual(Array.from({ length: 100 }, () => 0));
      expect((await under.ledger.verify(train)).faults).toEqual([]);
    });

    it('keeps trains apart', async () => {
      const [one, other] = [newTrain(), newTrain()];
      await Promise.all([under.ledger.append(one, [draft('one')]), under.ledger.append(other, [draft('other')])]);
      expect((await under.ledger.read({ train: one })).map((entry) => [entry.seq, reasonOf(entry)])).toEqual([
        [1, 'one'],
      ]);
      expect(await under.ledger.trains()).toEqual(expect.arrayContaining([one, other]));
      expect(await under.ledger.verify(newTrain())).toEqual({ entries: 0, head: null, faults: [] });
    });

    it.each([
      ['NUL and control characters', '\0\u0001\u001b[31m\r\n'],
      ['half of a surrogate pair', '\ud800 and \udfff'],
      ['the replacement character and a byte order mark', '\ufeff\ufffd'],
      ['quotes, backslashes and braces', String.raw`'; DROP TABLE ledger; -- "\\x00" {NULL,"a"} \u0000 $$ %s`],
      ['emoji and right-to-left text', '🚂🧑‍🔧 \u202eعربي'],
      ['nothing', ''],
      ['two megabytes', 'ü🚃'.repeat(350_000)],
    ])('gives back as written: %s', async (_name, reason) => {
      const train = newTrain();
      await under.ledger.append(train, [draft(reason)]);
      expect((await under.ledger.read({ train })).map(reasonOf)).toEqual([reason]);
      expect((await under.ledger.verify(train)).faults).toEqual([]);
    });

    it('orders by sequence when the clock jumps back', async () => {
      const train = newTrain();
      const times = ['2025-03-17T10:00:00Z', '1970-01-01T00:00:00Z', '2025-03-17T09:59:59.999Z'];
      for (const at of times) await under.ledger.append(train, [draft(at, { at })]);
      expect((await under.ledger.read({ train })).map((entry) => entry.at)).toEqual(times);
      expect((await under.ledger.read({ train, last: 1 })).map((entry) => entry.at)).toEqual(times.slice(-1));
      expect((await under.ledger.verify(train)).faults).toEqual([]);
    });

    it.each([[''], ['a\0b']])('refuses %j as the name of a train', async (name) => {
      await expect(under.ledger.append(name, [draft('one')])).rejects.toMatchObject({ code: 'invalid' });
      await expect(under.ledger.restore(name, [])).rejects.toMatchObject({ code: 'invalid' });
    });

    it('takes any other text as the name of a train', async () => {
      const train = `../${newTrain()}'; DROP SCHEMA signalbox CASCADE; --"{}\\ 🚂`;
      await under.ledger.append(train, [draft('one')]);
      expect(await under.ledger.trains()).toContain(train);
      expect((await under.ledger.verify(train)).faults).toEqual([]);
    });
  });

  describe('restore', () => {
    it('puts exported entries in with their hashes, and goes on after them', async () => {
      const { train, entries } = await exported();
      await under.ledger.restore(train, entries);
      expect(await under.ledger.read({ train })).toEqual(entries);
      const [next] = await under.ledger.append(train, [draft('three')]);
      expect(next).toMatchObject({ seq: 4, prev: entries[2]?.hash });
      expect((await under.ledger.verify(train)).faults).toEqual([]);
    });

    it('refuses a train that has entries', async () => {
      const { train, entries } = await exported();
      await under.ledger.restore(train, entries);
      await expect(under.ledger.restore(train, entries)).rejects.toMatchObject({ code: 'refused' });
      expect(await under.ledger.read({ train })).toHaveLength(3);
    });

    it.each<[string, (entries: readonly LedgerEntry[]) => readonly LedgerEntry[]]>([
      ['with a changed word', (all) => all.map((entry) => (entry.seq === 2 ? { ...entry, actor: 'eve' } : entry))],
      ['with one left out', (all) => all.filter((entry) => entry.seq !== 2)],
      ['without the first', (all) => all.slice(1)],
      ['in another order', (all) => all.toReversed()],
      ['of another train', (all) => all.map((entry) => ({ ...entry, train: 'another' }))],
      ['one of them twice', (all) => all.flatMap((entry) => (entry.seq === 2 ? [entry, entry] : [entry]))],
    ])('refuses entries %s, and stores none', async (_name, change) => {
      const { train, entries } = await exported();
      await expect(under.ledger.restore(train, change(entries))).rejects.toMatchObject({ code: 'invalid' });
      expect(await under.ledger.read({ train })).toEqual([]);
    });

    it('restores more entries than are written at once', async () => {
      const train = newTrain();
      const entries = await memoryLedger().append(
        train,
        Array.from({ length: 1234 }, (_, index) => draft(`${index}`)),
      );
      await under.ledger.restore(train, entries);
      expect(canonicalJson(await under.ledger.read({ train }))).toBe(canonicalJson(entries));
      expect(await under.ledger.verify(train)).toMatchObject({ entries: 1234, faults: [] });
    });
  });

  describe('leases', () => {
    const mona: LeaseHolder = { holder: 'mona on desk', since: Instant.parse('2025-03-17T09:00:00Z') };
    const hubot: LeaseHolder = { holder: 'hubot on rack', since: Instant.parse('2025-03-17T09:05:00Z') };

    it('gives a lease to one and tells the other who has it', async () => {
      const train = newTrain();
      const first = await takeFree(train, mona);
      expect(await under.leases.take(train, 'apply', hubot)).toEqual({ taken: false, by: mona });
      expect(await under.leases.holders(train)).toEqual([{ key: 'apply', by: mona }]);
      expect(await first.isHeld()).toBe(true);
      await first.release();
      await first.release();
      expect(await first.isHeld()).toBe(false);
      expect(await under.leases.holders(train)).toEqual([]);
      const second = await takeFree(train, hubot);
      expect(await second.isHeld()).toBe(true);
      await second.release();
    });

    it('keeps leases of other keys and trains apart', async () => {
      const [train, other] = [newTrain(), newTrain()];
      const answers = await Promise.all([
        under.leases.take(train, 'apply', mona),
        under.leases.take(train, 'tick', mona),
        under.leases.take(other, 'apply', hubot),
      ]);
      expect(answers.map((answer) => answer.taken)).toEqual([true, true, true]);
      expect(await under.leases.holders(train)).toEqual([
        { key: 'apply', by: mona },
        { key: 'tick', by: mona },
      ]);
      for (const answer of answers) if (answer.taken) await answer.lease.release();
    });

    it('lets only one of many have it', async () => {
      const train = newTrain();
      const answers = await Promise.all(Array.from({ length: 12 }, () => under.leases.take(train, 'apply', mona)));
      expect(answers.filter((answer) => answer.taken)).toHaveLength(1);
      for (const answer of answers) if (answer.taken) await answer.lease.release();
    });

    it('breaks a lease: its holder finds out, and cannot disturb the next one', async () => {
      const train = newTrain();
      const first = await takeFree(train, mona);
      expect(await under.leases.breakLease(train, 'apply')).toBe(true);
      expect(await first.isHeld()).toBe(false);
      const second = await takeFree(train, hubot);
      await first.release();
      expect(await under.leases.holders(train)).toEqual([{ key: 'apply', by: hubot }]);
      expect(await second.isHeld()).toBe(true);
      await second.release();
    });

    it('has nothing to break where nobody holds', async () => {
      expect(await under.leases.breakLease(newTrain(), 'apply')).toBe(false);
    });
  });
}
