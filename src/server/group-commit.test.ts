import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { groupCommit } from './group-commit.ts';

/** A store that finishes its calls when it is told to. */
function slowStore() {
  const calls: { readonly items: readonly number[]; readonly finish: (error?: Error) => void }[] = [];
  const store = (items: readonly number[]): Promise<void> =>
    new Promise((resolve, reject) => {
      calls.push({ items, finish: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  return { calls, add: groupCommit(store) };
}
const asked = ({ calls }: ReturnType<typeof slowStore>) => calls.map(({ items }) => items);

describe('a group commit', () => {
  it('stores together what comes together, and answers all', async () => {
    const slow = slowStore();
    const answers = Promise.all([1, 2, 3].map((item) => slow.add(item)));
    await immediate();
    expect(asked(slow)).toEqual([[1, 2, 3]]);
    slow.calls[0]?.finish();
    await answers;
  });

  it('answers nothing before it is stored', async () => {
    const slow = slowStore();
    let answered = false;
    const answer = slow.add(1).then(() => (answered = true));
    await immediate();
    await immediate();
    expect(answered).toBe(false);
    slow.calls[0]?.finish();
    await answer;
    expect(answered).toBe(true);
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
    slow.calls[1]?.finish();
    await second;
    await immediate();
    expect(asked(slow)).toEqual([[1], [2], [3, 4]]);
    slow.calls[2]?.finish();
    slow.calls[0]?.finish();
    await Promise.all([first, rest]);
  });

  it('tells all of a call that failed, and goes on with the next', async () => {
    const slow = slowStore();
    const failing = [slow.add(1), slow.add(2)].map((answer) => expect(answer).rejects.toThrow('the disk is full'));
    await immediate();
    slow.calls[0]?.finish(new Error('the disk is full'));
    await Promise.all(failing);
    const next = slow.add(3);
    await immediate();
    slow.calls[1]?.finish();
    await next;
  });
});
