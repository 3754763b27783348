import { describe, expect, it } from 'vitest';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import { Train } from '../../domain/train/train.ts';
import { TRAIN_DIGEST, smallTrain } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { memoryForge } from '../../testing/memory-forge.ts';
import { ForgeError, type Forge } from '../../ports/forge.ts';
import { requireRole } from '../releases.ts';
import { withTeams } from '../teams.ts';
import { asPerson, rolesNow } from './person.ts';
import { createToken, listTokens, revokeToken, tokenState } from './tokens.ts';

const as = (app: ReturnType<typeof memoryApp>, login: string) => ({ ...app, who: () => Promise.resolve(login) });

describe('tokens', () => {
  it('act as whoever made them, and are told with their secret once', async () => {
    const app = memoryApp();
    const made = await createToken(app, { name: 'dashboard', scope: 'read', days: 30 });
    if (!made.ok) throw new Error('no token was made');
    const { token, secret } = made.value;
    expect(secret).toMatch(/^sbx_[\w-]{43}$/);
    const sessions = await app.sessions();
    expect(await sessions.tokens.find(hashOfSecret(secret), app.clock.now())).toEqual(token);
    expect(token).toMatchObject({ login: 'ana', scope: 'read', name: 'dashboard' });
    expect(tokenState(token, app.clock.now())).toBe('good');
    app.clock.move(30 * 86_400);
    expect(tokenState(token, app.clock.now())).toBe('over');
    expect(await sessions.tokens.find(hashOfSecret(secret), app.clock.now())).toBeNull();
  });

  it('are good for a year at most, and not for a part of a day', async () => {
    for (const days of [0, 367, 1.5, Number.NaN])
      expect(await createToken(memoryApp(), { name: 'ci', scope: 'read', days })).toMatchObject({ ok: false });
  });

  it('are listed and revoked by whoever made them, and by release managers', async () => {
    const app = memoryApp();
    const made = await createToken(as(app, 'stranger'), { name: 'ci', scope: 'write', days: 1 });
    const id = made.ok ? made.value.token.id : '';
    expect(await listTokens(as(app, 'stranger'), false)).toMatchObject({ value: [{ id }] });
    expect(await listTokens(as(app, 'other'), false)).toEqual({ ok: true, value: [] });
    expect(await listTokens(as(app, 'other'), true)).toMatchObject({ problems: [{ code: 'role-missing' }] });
    expect(await revokeToken(as(app, 'other'), id)).toMatchObject({ problems: [{ code: 'role-missing' }] });
    expect(await revokeToken(as(app, 'other'), 'none')).toMatchObject({ problems: [{ code: 'role-missing' }] });
    expect(await revokeToken(app, 'none')).toMatchObject({ problems: [{ code: 'token-unknown' }] });
    expect(await listTokens(app, true)).toMatchObject({ value: [{ id, login: 'stranger' }] });
    const revoked = await revokeToken(app, id);
    expect(revoked.ok && tokenState(revoked.value, app.clock.now())).toBe('revoked');
    expect(await revokeToken(as(app, 'stranger'), id)).toEqual(revoked);
    const entries = await (await app.ledger()).read({ train: smallTrain.train });
    expect(entries.map(({ actor, event }) => [actor, event.type])).toEqual([
      ['stranger', 'token-made'],
      ['ana', 'token-revoked'],
    ]);
  });
});

/** A forge whose teams are asked for; `members` may be changed. */
function forgeWith(members: ReadonlyMap<string, readonly string[]>): { forge: Forge; asked: string[] } {
  const asked: string[] = [];
  const { forge } = memoryForge();
  const teamMembers = async (team: string): Promise<readonly string[]> => {
    asked.push(team);
    const found = members.get(team);
    if (found === undefined) throw new ForgeError('not-found', `there is no team ${team}`);
    return found;
  };
  return { forge: { ...forge, people: { ...forge.people, teamMembers } }, asked };
}

describe('teams that have roles', () => {
  const loaded = {
    train: {
      ...smallTrain,
      roles: { ...smallTrain.roles, 'release-manager': ['ana', '@acme/release'], approver: ['@acme/gone'] },
    },
    digest: TRAIN_DIGEST,
  };
  it('give them to their members, in every place that asks, and to nobody when they cannot be read', async () => {
    const { forge } = forgeWith(new Map([['acme/release', ['rita', 'rolf']]]));
    const app = memoryApp({ loaded, forge });
    expect(await rolesNow(app, 'rita')).toEqual(['release-manager']);
    expect(await rolesNow(app, 'ana')).toEqual(['release-manager']);
    for (const login of ['otto', '@acme/release', '@acme/gone', 'acme/release', ''])
      expect(await rolesNow(app, login)).toEqual([]);
    expect(await requireRole(app, ['release-manager'], 'rolf')).toEqual({ ok: true, value: 'rolf' });
    const person = await asPerson(app, 'rita');
    expect([await person.who(), person.loaded.train.roles['release-manager'], person.loaded.digest]).toEqual([
      'rita',
      ['ana', 'rita', 'rolf'],
      TRAIN_DIGEST,
    ]);
    const refused = await requireRole(app, ['approver'], 'otto');
    const text = refused.ok ? '' : refused.problems[0].text;
    expect(text).toContain('Nobody counts as one of @acme/gone, which cannot be read: there is no team acme/gone');
  });

  it('are asked for at most every few minutes, and those that failed again soon', async () => {
    const members = new Map([['acme/release', ['rita']]]);
    const { forge, asked } = forgeWith(members);
    const app = memoryApp({ loaded, forge });
    await Promise.all([rolesNow(app, 'rita'), rolesNow(app, 'rolf'), requireRole(app, ['approver'], 'otto')]);
    expect(asked).toEqual(['acme/release', 'acme/gone']);
    members.set('acme/release', ['rolf']);
    members.set('acme/gone', ['otto']);
    app.clock.move(15);
    expect([await rolesNow(app, 'rita'), await rolesNow(app, 'otto')]).toEqual([['release-manager'], ['approver']]);
    app.clock.move(165);
    expect([await rolesNow(app, 'rita'), await rolesNow(app, 'rolf')]).toEqual([[], ['release-manager']]);
    // An answer that is old is no answer: once the forge fails, nobody is in the team.
    members.delete('acme/release');
    app.clock.move(180);
    expect(await rolesNow(app, 'rolf')).toEqual([]);
  });

  it('are followed by what runs for long: twice is as once, and as of then', async () => {
    const members = new Map([['acme/release', ['rita']]]);
    const app = memoryApp({ loaded, forge: forgeWith(members).forge });
    const first = await withTeams(app);
    members.set('acme/release', ['rolf']);
    app.clock.move(180);
    expect((await withTeams(first)).loaded.train.roles['release-manager']).toEqual(['ana', 'rolf']);
  });

  it.each(['@acme', '@acme/', '@/x', '@acme/x/y', '@acme/x y', '@@acme/x', ''])('are not written %j', (holder) => {
    expect(Train.safeParse({ ...smallTrain, roles: { approver: [holder] } }).success).toBe(false);
  });
});
