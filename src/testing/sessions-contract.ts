import { expect, it } from 'vitest';
import { addSeconds, Instant } from '../domain/instant.ts';
import { hashOfSecret } from '../domain/secret-hash.ts';
import type { ApiToken, Session, Sessions } from '../ports/sessions.ts';

const NOON = Instant.parse('2025-06-16T12:00:00Z');
const after = (seconds: number): Instant => addSeconds(NOON, seconds);
const HOUR = 3600;

function session(change: Partial<Session> = {}): Session {
  return {
    id: 'one',
    login: 'ana',
    proof: 'forge',
    formKey: hashOfSecret('form'),
    createdAt: after(0),
    seenAt: after(0),
    rotatedAt: after(0),
    idleUntil: after(HOUR),
    until: after(10 * HOUR),
    ...change,
  };
}

function token(change: Partial<ApiToken> = {}): ApiToken {
  const made = { createdAt: after(0), until: after(HOUR), usedAt: null, revokedAt: null };
  return { id: 't1', login: 'ana', name: 'dashboard', scope: 'read', ...made, ...change };
}

/** What every memory of who is signed in keeps to; each test is given an empty one. */
export function sessionsContract(under: () => Sessions): void {
  it('finds a session by its secret, exactly as it was begun, until either of its ends', async () => {
    const { people } = under();
    await people.begin(hashOfSecret('s'), session());
    expect(await people.find(hashOfSecret('s'), after(HOUR - 1))).toEqual({ session: session(), current: true });
    expect(await people.find(hashOfSecret('other'), after(1))).toBeNull();
    expect(await people.find(hashOfSecret('s'), after(HOUR))).toBeNull();
    await people.seen('one', after(HOUR - 1), after(20 * HOUR));
    expect((await people.find(hashOfSecret('s'), after(9 * HOUR)))?.session.seenAt).toBe(after(HOUR - 1));
    expect(await people.find(hashOfSecret('s'), after(10 * HOUR))).toBeNull();
  });

  it('never moves the idle end back', async () => {
    const { people } = under();
    await people.begin(hashOfSecret('s'), session());
    await people.seen('one', after(-5), after(5));
    expect((await people.find(hashOfSecret('s'), after(6)))?.session).toEqual(session());
  });

  it('changes a secret once, and takes the one before for a short while', async () => {
    const { people } = under();
    await people.begin(hashOfSecret('a'), session());
    const turn = (from: string, to: string) => ({
      from: hashOfSecret(from),
      to: hashOfSecret(to),
      at: after(100),
      oldUntil: after(160),
    });
    const answers = await Promise.all([people.rotate('one', turn('a', 'b')), people.rotate('one', turn('a', 'c'))]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    const [isFirst] = answers;
    const now = isFirst ? 'b' : 'c';
    expect(await people.find(hashOfSecret(now), after(101))).toEqual({
      session: session({ rotatedAt: after(100) }),
      current: true,
    });
    expect((await people.find(hashOfSecret('a'), after(159)))?.current).toBe(false);
    expect(await people.find(hashOfSecret('a'), after(160))).toBeNull();
    expect(await people.rotate('another', turn(now, 'd'))).toBe(false);
  });

  it('ends a session with all its secrets, and all sessions of a person', async () => {
    const { people } = under();
    await people.begin(hashOfSecret('a'), session());
    await people.rotate('one', {
      from: hashOfSecret('a'),
      to: hashOfSecret('b'),
      at: after(1),
      oldUntil: after(60),
    });
    await people.end('one');
    await people.end('one');
    expect(await people.find(hashOfSecret('a'), after(2))).toBeNull();
    expect(await people.find(hashOfSecret('b'), after(2))).toBeNull();
    await people.begin(hashOfSecret('c'), session({ id: 'two' }));
    await people.begin(hashOfSecret('d'), session({ id: 'three' }));
    await people.begin(hashOfSecret('e'), session({ id: 'four', login: 'ben' }));
    expect(await people.count(after(2))).toBe(3);
    expect(await people.endAll('ana')).toBe(2);
    expect(await people.count(after(2))).toBe(1);
    expect(await people.find(hashOfSecret('e'), after(2))).not.toBeNull();
  });

  it('gives a code out once, also to several who come at the same time, and never too late', async () => {
    const { codes } = under();
    await codes.add(hashOfSecret('code'), 'ana', 600);
    const answers = await Promise.all([1, 2, 3, 4].map(() => codes.take(hashOfSecret('code'))));
    expect(answers.filter((answer) => answer !== null)).toEqual(['ana']);
    await codes.add(hashOfSecret('late'), 'ana', 0);
    expect(await codes.take(hashOfSecret('late'))).toBeNull();
    expect(await codes.take(hashOfSecret('none'))).toBeNull();
  });

  it('gives an attempt out once, with what was kept of it', async () => {
    const { attempts } = under();
    const kept = { browser: hashOfSecret('browser'), back: '/r/2.8.0?at=3', until: after(600) };
    await attempts.add(hashOfSecret('state'), kept);
    expect(await attempts.take(hashOfSecret('state'), after(599))).toEqual(kept);
    expect(await attempts.take(hashOfSecret('state'), after(599))).toBeNull();
    await attempts.add(hashOfSecret('late'), kept);
    expect(await attempts.take(hashOfSecret('late'), after(600))).toBeNull();
  });

  it('finds a token until it ends or is revoked, and remembers when it was used', async () => {
    const { tokens } = under();
    await tokens.add(hashOfSecret('t'), token());
    expect(await tokens.find(hashOfSecret('t'), after(1))).toEqual(token());
    expect(await tokens.find(hashOfSecret('u'), after(1))).toBeNull();
    expect(await tokens.find(hashOfSecret('t'), after(HOUR))).toBeNull();
    await tokens.used('t1', after(30));
    await tokens.used('t1', after(20));
    expect((await tokens.find(hashOfSecret('t'), after(31)))?.usedAt).toBe(after(30));
    expect(await tokens.revoke('t1', after(40))).toBe(true);
    expect(await tokens.revoke('t1', after(50))).toBe(false);
    expect(await tokens.revoke('t9', after(50))).toBe(false);
    expect(await tokens.find(hashOfSecret('t'), after(41))).toBeNull();
    expect(await tokens.list('ana')).toEqual([token({ usedAt: after(30), revokedAt: after(40) })]);
  });

  it('lists tokens of one person or of all, newest first', async () => {
    const { tokens } = under();
    await tokens.add(hashOfSecret('1'), token({ id: 'old' }));
    await tokens.add(hashOfSecret('2'), token({ id: 'new', createdAt: after(5), scope: 'write' }));
    await tokens.add(hashOfSecret('3'), token({ id: 'bens', login: 'ben', createdAt: after(3) }));
    expect((await tokens.list(null)).map(({ id }) => id)).toEqual(['new', 'bens', 'old']);
    expect((await tokens.list('ana')).map(({ id }) => id)).toEqual(['new', 'old']);
  });

  it('forgets what is over, and no tokens', async () => {
    const sessions = under();
    const { people, codes, attempts, tokens } = sessions;
    await people.begin(hashOfSecret('a'), session());
    await people.begin(hashOfSecret('b'), session({ id: 'two', idleUntil: after(2 * HOUR) }));
    await codes.add(hashOfSecret('c'), 'ana', 0);
    await codes.add(hashOfSecret('kept'), 'ana', 600);
    await attempts.add(hashOfSecret('d'), { browser: hashOfSecret('x'), back: '/', until: after(60) });
    await tokens.add(hashOfSecret('t'), token());
    // The code is over by the clock of the store, whatever moment is given.
    expect(await sessions.forget(after(59))).toBe(1);
    expect(await sessions.forget(after(HOUR))).toBe(2);
    expect(await codes.take(hashOfSecret('kept'))).toBe('ana');
    expect(await people.count(after(HOUR))).toBe(1);
    expect(await tokens.list(null)).toHaveLength(1);
  });
}
