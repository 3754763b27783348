import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { groupCommit } from './group-commit.ts';

/** A store that finishes its calls when it is told to. */
function slowStore() {
  const calls: { readonly items: readonly number[]; readonly finish: (answers: readonly string[] | Error) => void }[] =
    [];
  const store = (items: readonly number[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      calls.push({ items, finish: (answers) => (answers instanceof Error ? reject(answers) : resolve(answers)) });
    });
  return { calls, add: groupCommit(store) };
}
const named = (items: readonly number[]): readonly string[] => items.map((item) => `stored ${item}`);
const asked = ({ calls }: ReturnType<typeof slowStore>) => calls.map(({ items }) => items);

describe('a group commit', () => {
  it('stores together what comes together, and answers each with its own', async () => {
    const slow = slowStore();
    const answers = Promise.all([1, 2, 3].map((item) => slow.add(item)));
    await immediate();
    expect(asked(slow)).toEqual([[1, 2, 3]]);
    slow.calls[0]?.finish(named([1, 2, 3]));
    expect(await answers).toEqual(['stored 1', 'stored 2', 'stored 3']);
  });

  it('answers nothing before it is stored', async () => {
    const slow = slowStore();
    let answered = false;
    const answer = slow.add(1).then(() => (answered = true));
    await immediate();
    await immediate();
    expect(answered).toBe(false);
    slow.calls[0]?.finish(['stored 1']);
    await answer;
  });

  it('begins a second call while the first is under way, and keeps what comes then for the next that is free', async () => {
    const slow = slowStore();
    const first = slow.add(1);
    await immediate();
    const second = slow.add(2);
    await immediate();
    const rest = Promise.all([slow.add(3), slow.add(4)]);
    await immediate();
    expect(asked(slow)).toEqual([[1], [2]]);
    slow.calls[1]?.finish(['stored 2']);
    expect(await second).toBe('stored 2');
    await immediate();
    expect(asked(slow)).toEqual([[1], [2], [3, 4]]);
    slow.calls[2]?.finish(named([3, 4]));
    slow.calls[0]?.finish(['stored 1']);
    expect([await first, ...(await rest)]).toEqual(['stored 1', 'stored 3', 'stored 4']);
  });

  it('tells all of a call that failed, and goes on with the next', async () => {
    const slow = slowStore();
    const failing = [slow.add(1), slow.add(2)].map((answer) => expect(answer).rejects.toThrow('the disk is full'));
    await immediate();
    slow.calls[0]?.finish(new Error('the disk is full'));
    await Promise.all(failing);
    const next = slow.add(3);
    await immediate();
    slow.calls[1]?.finish(['stored 3']);
    expect(await next).toBe('stored 3');
  });

  it('answers nobody from a store that answered for fewer than it was given', async () => {
    const slow = slowStore();
    const failing = [slow.add(1), slow.add(2)].map((answer) =>
      expect(answer).rejects.toThrow('2 things were stored and 1 answered'),
    );
    await immediate();
    slow.calls[0]?.finish(['stored 1']);
    await Promise.all(failing);
  });
});
