import { addSeconds, epochMillis, type Instant } from '../domain/instant.ts';
import type { SecretHash } from '../domain/secret-hash.ts';
import type { ApiToken, OneTimeCodes, Session, SessionList, Sessions, SignInAttempt } from '../ports/sessions.ts';

interface Held {
  session: Session;
  secret: SecretHash;
  old: { readonly secret: SecretHash; readonly until: Instant } | null;
}

const isBefore = (left: Instant, right: Instant): boolean => epochMillis(left) < epochMillis(right);
const later = (left: Instant, right: Instant): Instant => (isBefore(left, right) ? right : left);

function memoryPeople(held: Map<string, Held>): SessionList {
  const live = ({ session }: Held, now: Instant): boolean =>
    isBefore(now, session.idleUntil) && isBefore(now, session.until);
  return {
    begin: async (secret, session) => void held.set(session.id, { session, secret, old: null }),
    find: async (secret, now) => {
      const found = [...held.values()].find(
        (each) => each.secret === secret || (each.old?.secret === secret && isBefore(now, each.old.until)),
      );
      if (found === undefined || !live(found, now)) return null;
      return { session: found.session, current: found.secret === secret };
    },
    seen: async (id, at, idleUntil) => {
      const found = held.get(id);
      if (found === undefined) return;
      const { seenAt, idleUntil: before } = found.session;
      found.session = { ...found.session, seenAt: later(seenAt, at), idleUntil: later(before, idleUntil) };
    },
    rotate: async (id, { from, to, at, oldUntil }) => {
      const found = held.get(id);
      if (found?.secret !== from) return false;
      held.set(id, {
        session: { ...found.session, rotatedAt: at },
        secret: to,
        old: { secret: from, until: oldUntil },
      });
      return true;
    },
    end: async (id) => void held.delete(id),
    endAll: async (login) => {
      const theirs = [...held].filter(([, { session }]) => session.login === login);
      for (const [id] of theirs) held.delete(id);
      return theirs.length;
    },
    count: async (now) => [...held.values()].filter((each) => live(each, now)).length,
  };
}

function memoryCodes(
  codes: Map<string, { readonly login: string; readonly until: Instant }>,
  now: () => Instant,
): OneTimeCodes {
  return {
    add: async (code, login, seconds) => void codes.set(code, { login, until: addSeconds(now(), seconds) }),
    take: async (code) => {
      const found = codes.get(code);
      codes.delete(code);
      return found !== undefined && isBefore(now(), found.until) ? found.login : null;
    },
  };
}

/** What signing in has to remember, in memory; `now` is the clock that codes go by. */
export function memorySessions(now: () => Instant): Sessions {
  const held = new Map<string, Held>();
  const codes = new Map<string, { readonly login: string; readonly until: Instant }>();
  const attempts = new Map<string, SignInAttempt>();
  const tokens = new Map<string, { readonly secret: SecretHash; token: ApiToken }>();
  return {
    people: memoryPeople(held),
    codes: memoryCodes(codes, now),
    attempts: {
      add: async (state, attempt) => void attempts.set(state, attempt),
      take: async (state, now) => {
        const found = attempts.get(state);
        attempts.delete(state);
        return found !== undefined && isBefore(now, found.until) ? found : null;
      },
    },
    tokens: {
      add: async (secret, token) => void tokens.set(token.id, { secret, token }),
      find: async (secret, now) => {
        const token = [...tokens.values()].find((each) => each.secret === secret)?.token;
        return token !== undefined && token.revokedAt === null && isBefore(now, token.until) ? token : null;
      },
      used: async (id, at) => {
        const found = tokens.get(id);
        if (found !== undefined) found.token = { ...found.token, usedAt: later(found.token.usedAt ?? at, at) };
      },
      list: async (login) =>
        [...tokens.values()]
          .map(({ token }) => token)
          .filter((token) => login === null || token.login === login)
          .toSorted((a, b) => epochMillis(b.createdAt) - epochMillis(a.createdAt) || (a.id < b.id ? -1 : 1)),
      revoke: async (id, at) => {
        const found = tokens.get(id);
        if (found === undefined || found.token.revokedAt !== null) return false;
        found.token = { ...found.token, revokedAt: at };
        return true;
      },
    },
    forget: async (before) => {
      const overs = [
        ...[...held].map(([id, { session }]) => [held, id, session.idleUntil, session.until] as const),
        ...[...attempts].map(([id, { until }]) => [attempts, id, until, until] as const),
      ].filter(([, , idle, until]) => !isBefore(before, idle) || !isBefore(before, until));
      const old = [...codes].filter(([, { until }]) => !isBefore(now(), until));
      for (const [id] of old) codes.delete(id);
      for (const [map, id] of overs) map.delete(id);
      return overs.length + old.length;
    },
  };
}
