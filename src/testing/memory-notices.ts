import { epochMillis } from '../domain/instant.ts';
import { NoticeChoice } from '../domain/notice-choice.ts';
import type { Followed, KeptNotice, NoticeBox } from '../ports/notice-box.ts';

/** As it is after it was stored. */
function choiceIn(text: string): NoticeChoice {
  return NoticeChoice.parse(JSON.parse(text));
}

/** Notices on their way, in memory. */
export function memoryNotices(): NoticeBox {
  const choices = new Map<string, string>();
  const kept = new Map<string, KeptNotice>();
  let followed: Followed | null = null;
  return {
    choices: {
      get: async (login) => {
        const found = choices.get(login.toLowerCase());
        return found === undefined ? null : choiceIn(found);
      },
      all: async () => new Map([...choices].map(([login, text]) => [login, choiceIn(text)])),
      set: async (login, choice) => void choices.set(login.toLowerCase(), JSON.stringify(choice)),
    },
    followed: async () => followed,
    advance: async (from, { state, notices, at }) => {
      if ((followed?.version ?? null) !== from) return false;
      followed = { version: (from ?? 0) + 1, state: JSON.parse(JSON.stringify(state)) };
      for (const one of notices) {
        const known = kept.get(one.id);
        const next = one.address === null ? 'nowhere' : 'waiting';
        if (known !== undefined && !(known.state === 'nowhere' && next === 'waiting')) continue;
        const decidedAt = known?.decidedAt ?? at;
        kept.set(one.id, { ...one, state: next, decidedAt, begunAt: null, settledAt: null });
      }
      return true;
    },
    due: async (now) =>
      [...kept.values()]
        .filter(({ state, notBefore }) => state === 'waiting' && epochMillis(notBefore) <= epochMillis(now))
        .toSorted((one, other) => epochMillis(one.notBefore) - epochMillis(other.notBefore)),
    begin: async (ids, now, staleBefore) => {
      const begun = ids
        .flatMap((id) => kept.get(id) ?? [])
        .filter(
          ({ state, begunAt }) =>
            state === 'waiting' && (begunAt === null || epochMillis(begunAt) < epochMillis(staleBefore)),
        );
      for (const one of begun) kept.set(one.id, { ...one, begunAt: now });
      return begun;
    },
    settle: async (ids, { state, why, at }) => {
      for (const id of ids) {
        const one = kept.get(id);
        if (one?.state !== 'waiting') continue;
        kept.set(id, { ...one, state, why, begunAt: null, settledAt: state === 'waiting' ? null : at });
      }
    },
    list: async ({ who, state, last }) =>
      [...kept.values()]
        .filter((one) => who === undefined || one.who?.toLowerCase() === who.toLowerCase())
        .filter((one) => state === undefined || one.state === state)
        .toSorted((one, other) => epochMillis(other.decidedAt) - epochMillis(one.decidedAt))
        .slice(0, last),
    forget: async (before) => {
      const old = [...kept.values()].filter(
        ({ state, settledAt, decidedAt }) =>
          state !== 'waiting' && epochMillis(settledAt ?? decidedAt) < epochMillis(before),
      );
      for (const { id } of old) kept.delete(id);
      return old.length;
    },
  };
}
