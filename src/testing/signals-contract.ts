import { expect, it } from 'vitest';
import { Instant } from '../domain/instant.ts';
import type { Signals } from '../ports/signals.ts';
import type { KeptView, ViewHistory } from '../ports/view-history.ts';

/** What every way of telling other processes keeps to. */
export function signalsContract(under: () => { readonly signals: Signals; readonly train: string }): void {
  it('is heard by everybody who listens to the train, and by nobody else', async () => {
    const { signals, train } = under();
    const heard: string[] = [];
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const listening = [
      await signals.hear(train, () => first.resolve()),
      await signals.hear(train, () => second.resolve()),
      await signals.hear(`${train}-other`, () => void heard.push('other')),
    ];
    await signals.tell(train);
    await Promise.all([first.promise, second.promise]);
    expect(heard).toEqual([]);
    for (const each of listening) await each.stop();
  });

  it('is not heard any more once it was stopped', async () => {
    const { signals, train } = under();
    let count = 0;
    const listening = await signals.hear(train, () => void (count += 1));
    await listening.stop();
    await signals.tell(train);
    // A word that comes after it shows that the first one went past.
    const next = Promise.withResolvers<void>();
    const other = await signals.hear(train, () => next.resolve());
    await signals.tell(train);
    await next.promise;
    await other.stop();
    expect(count).toBe(0);
  });
}

const at = (minute: number): Instant => Instant.parse(`2026-07-11T14:${String(minute).padStart(2, '0')}:00.000Z`);
const view = (minute: number, version: string): KeptView => ({
  at: at(minute),
  asOf: at(minute),
  stale: false,
  version,
  data: { version, text: 'ü', list: [1, null] },
});

/** What every record of what pages showed keeps to. */
export function viewHistoryContract(under: () => { readonly history: ViewHistory; readonly train: string }): void {
  it('finds what a page showed at a moment', async () => {
    const { history, train } = under();
    for (const each of [view(1, 'a'), view(5, 'b'), view(9, 'c')]) await history.keep(train, 'p', each);
    expect(await history.at(train, 'p', at(0))).toBeNull();
    expect(await history.at(train, 'p', at(1))).toEqual(view(1, 'a'));
    expect(await history.at(train, 'p', at(4))).toEqual(view(1, 'a'));
    expect(await history.at(train, 'p', at(59))).toEqual(view(9, 'c'));
    expect(await history.at(train, 'other', at(59))).toBeNull();
    expect(await history.at(`${train}-other`, 'p', at(59))).toBeNull();
  });

  it('keeps the same facts once, and facts that came back twice', async () => {
    const { history, train } = under();
    for (const each of [view(1, 'a'), view(2, 'a'), view(3, 'b'), view(4, 'a')]) await history.keep(train, 'q', each);
    expect(await history.at(train, 'q', at(2))).toEqual(view(1, 'a'));
    expect(await history.at(train, 'q', at(4))).toEqual(view(4, 'a'));
  });

  it('takes a page whose name is longer than an index takes, and a view of the same moment once', async () => {
    const { history, train } = under();
    const long = 'x'.repeat(20_000);
    await Promise.all([history.keep(train, long, view(1, 'a')), history.keep(train, long, view(1, 'a'))]);
    expect(await history.at(train, long, at(1))).toEqual(view(1, 'a'));
  });

  it('forgets what was followed by something else before a moment, and keeps what was shown then', async () => {
    const { history, train } = under();
    for (const each of [view(1, 'a'), view(2, 'b'), view(3, 'c')]) await history.keep(train, 'r', each);
    expect(await history.forget(train, at(3))).toBeGreaterThanOrEqual(1);
    expect(await history.at(train, 'r', at(1))).toBeNull();
    expect(await history.at(train, 'r', at(2))).toEqual(view(2, 'b'));
    expect(await history.at(train, 'r', at(3))).toEqual(view(3, 'c'));
  });
}
