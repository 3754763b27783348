import { newName, newSecret } from '../../app/sign-in/secret.ts';
import { addSeconds, elapsedMillis, epochMillis, type Instant } from '../../domain/instant.ts';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import type { App } from '../../app/app.ts';
import type { Proof, Session, SessionList } from '../../app/sign-in/person.ts';
import type { SessionCookie } from './cookies.ts';

const HOUR = 3600;
/** Seconds: without a request, at most, until the secret is changed, and for how long the one before is taken then. */
const TIMES = { idle: 12 * HOUR, most: 7 * 24 * HOUR, rotate: HOUR, grace: 60, seen: 60 } as const;

/** A session that a browser showed it has. */
export interface Shown {
  readonly session: Session;
  readonly cookie: SessionCookie;
  /** Not by the secret before the last change. */
  readonly current: boolean;
}

/** Sessions as browsers have them. */
export interface BrowserSessions {
  /** Null when there is none, or it is over. */
  find(cookie: SessionCookie | null): Promise<Shown | null>;
  /** Signs in, always with a new secret. */
  begin(login: string, proof: Proof): Promise<SessionCookie & { readonly seconds: number }>;
  /** A new secret when the present one is old; null while it is not, or another request was first. */
  renew(shown: Shown): Promise<(SessionCookie & { readonly seconds: number }) | null>;
  end(shown: Shown): Promise<void>;
  /** Every session of the same person, in whichever browser. */
  endAll(shown: Shown): Promise<void>;
}

function earlier(left: Instant, right: Instant): Instant {
  return epochMillis(left) < epochMillis(right) ? left : right;
}

/** When it is over if nobody is seen again. */
function idleFrom(now: Instant, until: Instant): Instant {
  return earlier(addSeconds(now, TIMES.idle), until);
}

export function browserSessions(list: () => Promise<SessionList>, clock: App['clock']): BrowserSessions {
  const secondsTo = (until: Instant): number => Math.max(1, Math.floor(elapsedMillis(clock.now(), until) / 1000));
  return {
    find: async (cookie) => {
      if (cookie === null) return null;
      const people = await list();
      const now = clock.now();
      const found = await people.find(hashOfSecret(cookie.secret), now);
      // Both halves must be of one session: the forms of another do not help.
      if (found === null || found.session.formKey !== hashOfSecret(cookie.formKey)) return null;
      const { session, current } = found;
      if (elapsedMillis(session.seenAt, now) >= TIMES.seen * 1000)
        await people.seen(session.id, now, idleFrom(now, session.until));
      return { session, cookie, current };
    },
    begin: async (login, proof) => {
      const now = clock.now();
      const until = addSeconds(now, TIMES.most);
      const cookie = { secret: newSecret(), formKey: newSecret() };
      await (
        await list()
      ).begin(hashOfSecret(cookie.secret), {
        id: `${newName()}${newName()}`,
        login,
        proof,
        formKey: hashOfSecret(cookie.formKey),
        createdAt: now,
        seenAt: now,
        rotatedAt: now,
        idleUntil: idleFrom(now, until),
        until,
      });
      return { ...cookie, seconds: TIMES.most };
    },
    renew: async ({ session, cookie, current }) => {
      const now = clock.now();
      if (!current || elapsedMillis(session.rotatedAt, now) < TIMES.rotate * 1000) return null;
      const secret = newSecret();
      const turn = { from: hashOfSecret(cookie.secret), to: hashOfSecret(secret) };
      const oldUntil = addSeconds(now, TIMES.grace);
      const isOurs = await (await list()).rotate(session.id, { ...turn, at: now, oldUntil });
      return isOurs ? { secret, formKey: cookie.formKey, seconds: secondsTo(session.until) } : null;
    },
    end: async ({ session }) => (await list()).end(session.id),
    endAll: async ({ session }) => void (await (await list()).endAll(session.login)),
  };
}
