import { describe, expect, it } from 'vitest';
import type { Step } from '../domain/plan/step.ts';
import { cutStep, tagStep } from '../testing/engine-world.ts';
import { askedTogether, inStepLanes, lanesOf } from './lanes.ts';

const steps = (count: number): readonly { readonly step: Step; readonly number: number }[] =>
  Array.from({ length: count }, (_each, number) => ({ step: cutStep(`repo${number}`), number }));
const nothing = (): Promise<null> => Promise.resolve(null);
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Work that tells how much of it ran at once. */
function measured() {
  const seen = { now: 0, most: 0 };
  const work = async ({ number }: { readonly number: number }): Promise<number> => {
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await turn();
    seen.now -= 1;
    return number;
  };
  return { seen, work };
}

describe('steps in lanes', () => {
  it('run so many at once, and answer in the order of the plan', async () => {
    const { seen, work } = measured();
    const ran = await inStepLanes(steps(20), { lanes: () => 3, holds: nothing, work });
    expect(ran).toEqual({ answers: Array.from({ length: 20 }, (_each, n) => n), failure: null, held: null });
    expect(seen).toEqual({ now: 0, most: 3 });
  });

  it('of one kind do not wait for those of another', async () => {
    const { seen, work } = measured();
    const items = [...steps(4), ...[1, 2, 3, 4].map((number) => ({ step: tagStep('core'), number }))];
    await inStepLanes(items, { lanes: ({ kind }) => (kind === 'push-tag' ? 1 : 2), holds: nothing, work });
    expect(seen.most).toBe(3);
  });

  it('begin nothing after a failure, and wait for what is under way', async () => {
    const ended: number[] = [];
    const begun: number[] = [];
    const items = steps(10);
    const ran = await inStepLanes(items, {
      lanes: () => 3,
      holds: nothing,
      work: async ({ number }) => {
        begun.push(number);
        if (number === 1) throw new Error('the store is gone');
        await turn();
        ended.push(number);
        return number;
      },
    });
    expect(begun).toEqual([0, 1, 2]);
    expect(ended).toEqual([0, 2]);
    expect(ran).toMatchObject({ answers: [0, 2], failure: { step: items[1]?.step }, held: null });
    expect(ran.failure?.message).toContain('the store is gone');
  });

  it('begin nothing once something holds them back', async () => {
    let asked = 0;
    const ran = await inStepLanes(steps(10), {
      lanes: () => 2,
      holds: async () => ((asked += 1) <= 5 ? null : 'frozen'),
      work: async ({ number }) => number,
    });
    expect(ran).toEqual({ answers: [0, 1, 2, 3, 4], failure: null, held: 'frozen' });
    expect(asked).toBeLessThanOrEqual(7);
  });

  it('free their lane where only looking is left, and are waited for all the same', async () => {
    const seen = { acting: 0, most: 0, looking: 0 };
    const looks: (() => void)[] = [];
    const ran = inStepLanes(steps(9), {
      lanes: () => 2,
      holds: nothing,
      work: async ({ number }, free) => {
        seen.acting += 1;
        seen.most = Math.max(seen.most, seen.acting);
        await turn();
        seen.acting -= 1;
        seen.looking += 1;
        free();
        await new Promise<void>((resolve) => looks.push(resolve));
        if (number === 4) throw new Error('nobody saw it');
        return number;
      },
    });
    while (seen.looking < 9) await turn();
    expect(seen.most).toBe(2);
    for (const look of looks) look();
    expect(await ran).toMatchObject({ answers: [0, 1, 2, 3, 5, 6, 7, 8], held: null });
    expect((await ran).failure?.message).toContain('nobody saw it');
  });

  it('have a number for each kind, unless another is told', () => {
    expect([lanesOf('copy-file', {}), lanesOf('push-tag', {}), lanesOf('copy-file', { 'copy-file': 2 })]).toEqual([
      64, 32, 2,
    ]);
  });
});

describe('a question asked together', () => {
  it('is put anew for those who ask while it is being answered, once for all of them', async () => {
    let asked = 0;
    const answers: (() => void)[] = [];
    const ask = askedTogether(async () => {
      const number = (asked += 1);
      await new Promise<void>((resolve) => {
        answers.push(resolve);
      });
      return number;
    });
    const first = ask();
    await turn();
    const others = [ask(), ask(), ask()];
    answers.shift()?.();
    expect(await first).toBe(1);
    await turn();
    answers.shift()?.();
    expect(await Promise.all(others)).toEqual([2, 2, 2]);
  });

  it('that failed is put again', async () => {
    let asked = 0;
    const ask = askedTogether(async () => {
      asked += 1;
      if (asked === 1) throw new Error('the database went away');
      return asked;
    });
    await expect(ask()).rejects.toThrow('went away');
    expect(await ask()).toBe(2);
  });
});
