import type { Ledger } from '../ports/ledger.ts';
import type { Signals } from '../ports/signals.ts';
import type { KeptView, ViewHistory } from '../ports/view-history.ts';

/** Words within one process. */
export function memorySignals(): Signals {
  const hearers = new Set<{ readonly train: string; readonly heard: () => void }>();
  return {
    async tell(train) {
      for (const hearer of hearers) if (hearer.train === train) hearer.heard();
    },
    async hear(train, heard) {
      const hearer = { train, heard };
      hearers.add(hearer);
      return { stop: async () => void hearers.delete(hearer) };
    },
  };
}

/** A ledger that says what it takes in, as the real one does. */
export function tellingLedger(ledger: Ledger, signals: Signals): Ledger {
  return {
    ...ledger,
    async append(...given) {
      const [train] = given;
      const entries = await ledger.append(...given);
      if (entries.length > 0) await signals.tell(train);
      return entries;
    },
  };
}

/** What pages showed, in memory. */
export function memoryViewHistory(): ViewHistory {
  const kept = new Map<string, readonly KeptView[]>();
  const of = (train: string, page: string): readonly KeptView[] => kept.get(JSON.stringify([train, page])) ?? [];
  return {
    async keep(train, page, view) {
      const views = of(train, page);
      const isKnown = views.at(-1)?.version === view.version || views.some(({ at }) => at === view.at);
      if (isKnown) return;
      kept.set(
        JSON.stringify([train, page]),
        [...views, view].toSorted((one, other) => (one.at < other.at ? -1 : 1)),
      );
    },
    async at(train, page, moment) {
      return of(train, page).findLast(({ at }) => at <= moment) ?? null;
    },
    async forget(train, before) {
      let count = 0;
      for (const [key, views] of kept) {
        if (!key.startsWith(JSON.stringify([train]).slice(0, -1))) continue;
        const old = views.filter(({ at }, index) => at < before && (views[index + 1]?.at ?? before) < before);
        count += old.length;
        kept.set(
          key,
          views.filter((view) => !old.includes(view)),
        );
      }
      return count;
    },
  };
}
