import { expect, it } from 'vitest';
import { addSeconds, Instant } from '../domain/instant.ts';
import { NO_CHOICE, MailAddress } from '../domain/notice-choice.ts';
import type { Outgoing } from '../domain/notice-timing.ts';
import type { NoticeBox } from '../ports/notice-box.ts';

const NOON = Instant.parse('2025-06-16T12:00:00.000Z');
const after = (seconds: number): Instant => addSeconds(NOON, seconds);

function outgoing(id: string, more: Partial<Outgoing> = {}): Outgoing {
  return {
    id,
    notice: {
      id: `of ${id}`,
      kind: 'approval',
      release: null,
      headline: `\u{1f6a6} "${id}"`,
      lines: ["it's", '\\'],
      path: '/plans/p1',
      at: NOON,
      duty: null,
    },
    who: 'Ana',
    address: { channel: 'mail', address: 'ana@example.org' },
    why: null,
    calls: ['x'],
    notBefore: NOON,
    ...more,
  };
}

const step = (id: string) => ({ state: { seq: 3, by: id }, notices: [outgoing(id)], at: NOON });

/** What every box of notices keeps to; each test is given an empty one. */
export function noticesContract(under: () => NoticeBox): void {
  it('keeps what people wish, by login in any case, and the last word counts', async () => {
    const { choices } = under();
    expect(await choices.get('ana')).toBeNull();
    const wish = {
      ...NO_CHOICE,
      mail: MailAddress.parse("o'hara+x@example.org"),
      kinds: { approval: { by: 'mail' } },
    } as const;
    await choices.set('Ana', NO_CHOICE, NOON);
    await choices.set('aNA', wish, after(1));
    expect(await choices.get('ANA')).toEqual(wish);
    expect(await choices.all()).toEqual(new Map([['ana', wish]]));
  });

  it('moves on once from each version: of two at the same time one is first, and the other keeps nothing', async () => {
    const box = under();
    expect(await box.followed()).toBeNull();
    const firsts = await Promise.all([box.advance(null, step('a')), box.advance(null, step('b'))]);
    expect(firsts.filter(Boolean)).toHaveLength(1);
    const seconds = await Promise.all([
      box.advance(1, step('c')),
      box.advance(1, step('d')),
      box.advance(7, step('e')),
    ]);
    expect(seconds.filter(Boolean)).toHaveLength(1);
    expect((await box.followed())?.version).toBe(2);
    expect(await box.list({ last: 9 })).toHaveLength(2);
  });

  it('takes the same notice once, as it was first, and gives it back exactly', async () => {
    const box = under();
    await box.advance(null, { state: 1, notices: [outgoing('a'), outgoing('a', { who: 'other' })], at: NOON });
    await box.advance(1, { state: 2, notices: [outgoing('a', { notBefore: after(9) })], at: after(1) });
    expect(await box.due(NOON)).toEqual([
      { ...outgoing('a'), state: 'waiting', decidedAt: NOON, begunAt: null, settledAt: null },
    ]);
  });

  it('gives what could not be told another chance, once it can be', async () => {
    const box = under();
    const unknown = outgoing('a', { address: null, why: 'no address' });
    await box.advance(null, { state: 1, notices: [unknown], at: NOON });
    expect(await box.due(after(99))).toEqual([]);
    expect(await box.list({ state: 'nowhere', last: 5 })).toMatchObject([{ id: 'a', why: 'no address' }]);
    await box.advance(1, { state: 2, notices: [outgoing('a', { notBefore: after(5) })], at: after(1) });
    expect(await box.due(after(4))).toEqual([]);
    expect(await box.due(after(5))).toMatchObject([{ id: 'a', why: null, state: 'waiting' }]);
  });

  it('lets one process begin, until it is settled or the try has grown old', async () => {
    const box = under();
    await box.advance(null, { state: 1, notices: [outgoing('a'), outgoing('b')], at: NOON });
    const begun = await Promise.all([1, 2, 3].map(() => box.begin(['a', 'b', 'none'], NOON, after(-60))));
    expect(
      begun
        .flat()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['a', 'b']);
    expect(begun.flat().every(({ begunAt }) => begunAt === null)).toBe(true);
    await box.settle(['a'], { state: 'sent', why: null, at: after(1) });
    expect(await box.begin(['a', 'b'], after(60), NOON)).toEqual([]);
    expect(await box.begin(['a', 'b'], after(61), after(1))).toMatchObject([{ id: 'b', begunAt: NOON }]);
    await box.settle(['b'], { state: 'waiting', why: 'no answer', at: after(62) });
    expect(await box.begin(['b'], after(62), NOON)).toMatchObject([{ why: 'no answer', begunAt: null }]);
    await box.settle(['a', 'b'], { state: 'dropped', why: 'done', at: after(63) });
    const list = await box.list({ last: 5 });
    expect(list.map(({ id, state, settledAt }) => `${id} ${state} ${settledAt}`).toSorted()).toEqual([
      `a sent ${after(1)}`,
      `b dropped ${after(63)}`,
    ]);
  });

  it('lists what was told to a person, and forgets what is long settled, never what waits', async () => {
    const box = under();
    await box.advance(null, {
      state: 1,
      notices: [outgoing('a'), outgoing('b', { who: 'ben' }), outgoing('room', { who: null })],
      at: NOON,
    });
    expect((await box.list({ who: 'ana', last: 5 })).map(({ id }) => id)).toEqual(['a']);
    expect(await box.list({ last: 2 })).toHaveLength(2);
    await box.settle(['a'], { state: 'sent', why: null, at: after(10) });
    expect(await box.forget(after(10))).toBe(0);
    expect(await box.forget(after(11))).toBe(1);
    expect(await box.forget(after(999_999))).toBe(0);
    expect((await box.list({ last: 5 })).map(({ id }) => id).toSorted()).toEqual(['b', 'room']);
  });
}
