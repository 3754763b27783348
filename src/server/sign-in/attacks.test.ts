import { beforeEach, describe, expect, it } from 'vitest';
import { makeSignInLink } from '../../app/sign-in/link.ts';
import { signOutEverywhere } from '../../app/sign-in/sign-out.ts';
import { createToken } from '../../app/sign-in/tokens.ts';
import { TRAIN_DIGEST, smallTrain } from '../../testing/engine-world.ts';
import { madeUpSite, type MadeUpSite } from '../../testing/made-up-site.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { memorySignIn } from '../../testing/memory-sign-in.ts';
import { FORM_FIELD } from '../../api/form.ts';
import { formTokenOf } from './form-token.ts';
import { outsideOf } from './outside.ts';

const LOCAL = 'http://127.0.0.1:8787';
const TLS = 'https://box.example';
const SESSION = '__Host-signalbox-session';

type Sent = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

/** A browser: keeps cookies, follows nothing by itself. */
function browser(site: () => MadeUpSite, origin: string) {
  const jar = new Map<string, string>();
  const ask = async (path: string, init: Sent = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      host: new URL(origin).host,
      accept: 'text/html',
      ...(cookie === '' ? {} : { cookie }),
      ...init.headers,
    };
    // What a proxy sends on: plain http, for the name outside.
    const url = path.startsWith('http') ? path : `${origin}${path}`;
    const response = await site().fetch(
      new Request(url.replace('https:', 'http:'), { redirect: 'manual', ...init, headers }),
    );
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  return { jar, ask };
}

const to = (response: Response): string => response.headers.get('location') ?? '';

describe('by the forge, over TLS', () => {
  const forge = memorySignIn();
  let app: ReturnType<typeof memoryApp>;
  let site: MadeUpSite;
  const there = () => browser(() => site, TLS);
  beforeEach(() => {
    app = memoryApp({
      signIn: forge,
      loaded: { train: { ...smallTrain, readers: 'with-role' }, digest: TRAIN_DIGEST },
    });
    site = madeUpSite(app, { link: false, outside: outsideOf(TLS) });
  });
  async function signIn(visitor: ReturnType<typeof there>, login = 'ana', back = '/r/2.8.0?at=3'): Promise<Response> {
    const begun = await visitor.ask(`/sign-in/forge?${new URLSearchParams({ back }).toString()}`);
    expect(begun.status).toBe(303);
    return visitor.ask(forge.agree(to(begun), login));
  }

  it('signs in, goes back to where one came from, and writes it down with the roles', async () => {
    const visitor = there();
    const sent = await visitor.ask('/r/2.8.0?at=3');
    expect([sent.status, to(sent)]).toEqual([303, '/sign-in?back=%2Fr%2F2.8.0%3Fat%3D3']);
    const shown = await visitor.ask(to(sent));
    expect(await shown.text()).toContain('/sign-in/forge?back=%2Fr%2F2.8.0%3Fat%3D3');
    const ended = await signIn(visitor);
    expect([ended.status, to(ended)]).toEqual([303, '/r/2.8.0?at=3']);
    expect(ended.headers.getSetCookie().find((line) => line.startsWith(SESSION))).toMatch(
      /^__Host-signalbox-session=[\w-]{43}\.[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect((await visitor.ask('/r/2.8.0')).status).toBe(200);
    const [entry] = await (await app.ledger()).read({ train: smallTrain.train, types: ['signed-in'] });
    expect(entry).toMatchObject({ actor: 'ana', event: { how: 'forge', roles: ['release-manager'] } });
  });

  it('lets nobody in to whom the train gives no role, when it asks that of readers', async () => {
    const visitor = there();
    const ended = await signIn(visitor, 'stranger');
    expect([ended.status, visitor.jar.has(SESSION)]).toEqual([403, false]);
    expect(await (await app.ledger()).read({ train: smallTrain.train })).toEqual([]);
    expect((await visitor.ask('/r/2.8.0')).status).toBe(303);
  });

  it('takes a state once', async () => {
    const visitor = there();
    const begun = await visitor.ask('/sign-in/forge?back=/');
    const attempt = visitor.jar.get('__Host-signalbox-attempt') ?? '';
    const back = forge.agree(to(begun), 'ana');
    expect((await visitor.ask(back)).status).toBe(303);
    visitor.jar.delete(SESSION);
    visitor.jar.set('__Host-signalbox-attempt', attempt);
    const again = await visitor.ask(forge.agree(to(begun), 'ana'));
    expect([again.status, visitor.jar.has(SESSION)]).toEqual([400, false]);
  });

  it('takes no state ten minutes later, and none that it did not make', async () => {
    const visitor = there();
    const begun = await visitor.ask('/sign-in/forge?back=/');
    app.clock.move(600);
    expect((await visitor.ask(forge.agree(to(begun), 'ana'))).status).toBe(400);
    const made = await visitor.ask(`/sign-in/forge/callback?code=abc&state=${'A'.repeat(43)}`);
    expect(made.status).toBe(400);
  });

  it('sweeps out what is over, so that attempts of anybody do not pile up', async () => {
    const sessions = await app.sessions();
    await signIn(there());
    for (let times = 0; times < 5; times += 1) await there().ask('/sign-in/forge?back=/');
    app.clock.move(600);
    await there().ask('/sign-in/forge?back=/');
    expect(await sessions.forget(app.clock.now())).toBe(0);
    app.clock.move(12 * 3600);
    await signIn(there());
    expect(await sessions.forget(app.clock.now())).toBe(0);
    expect(await sessions.people.count(app.clock.now())).toBe(1);
  });

  it('signs nobody in by an attempt that another browser began: neither the victim as the attacker, nor the other way round', async () => {
    const [victim, attacker] = [there(), there()];
    const begun = await attacker.ask('/sign-in/forge?back=/');
    const lure = forge.agree(to(begun), 'mallory');
    expect((await victim.ask(lure)).status).toBe(400);
    expect(victim.jar.has(SESSION)).toBe(false);
    // Also when the victim's browser has an attempt of its own under way.
    await victim.ask('/sign-in/forge?back=/');
    const next = await attacker.ask('/sign-in/forge?back=/');
    expect((await victim.ask(forge.agree(to(next), 'mallory'))).status).toBe(400);
    expect(victim.jar.has(SESSION)).toBe(false);
  });

  it('signs nobody in by an attempt of another browser at a forge that does not know PKCE either', async () => {
    const old = memorySignIn({ knowsPkce: false });
    site = madeUpSite({ ...app, signIn: old }, { link: false, outside: outsideOf(TLS) });
    const [victim, attacker] = [there(), there()];
    await victim.ask('/sign-in/forge?back=/');
    const begun = await attacker.ask('/sign-in/forge?back=/');
    const lure = old.agree(to(begun), 'ana');
    expect([(await victim.ask(lure)).status, victim.jar.has(SESSION)]).toEqual([400, false]);
    const mine = await victim.ask('/sign-in/forge?back=/');
    expect((await victim.ask(old.agree(to(mine), 'ana'))).status).toBe(303);
  });

  it('takes no code of one attempt for the state of another', async () => {
    const [mine, theirs] = [there(), there()];
    const theirBack = new URL(forge.agree(to(await theirs.ask('/sign-in/forge?back=/')), 'ana'));
    const myBack = new URL(forge.agree(to(await mine.ask('/sign-in/forge?back=/')), 'mallory'));
    myBack.searchParams.set('code', theirBack.searchParams.get('code') ?? '');
    // The code is for their verifier, which only their browser can make.
    const ended = await mine.ask(myBack.href);
    expect([ended.status, mine.jar.has(SESSION)]).toEqual([400, false]);
  });

  it('takes a refusal, and what is no code, for what they are', async () => {
    const visitor = there();
    for (const change of [{ error: 'access_denied' }, { code: '' }, { code: 'a b' }, { code: 'x'.repeat(5000) }]) {
      const back = new URL(forge.agree(to(await visitor.ask('/sign-in/forge?back=/')), 'ana'));
      for (const [name, value] of Object.entries(change)) back.searchParams.set(name, value);
      expect([400, 414]).toContain((await visitor.ask(back.href)).status);
    }
    expect(visitor.jar.has(SESSION)).toBe(false);
  });

  it('goes on with no session that was there before', async () => {
    const visitor = there();
    await signIn(visitor, 'ben');
    const before = visitor.jar.get(SESSION) ?? '';
    await signIn(visitor, 'ana');
    const after = visitor.jar.get(SESSION) ?? '';
    expect(after.split('.')).not.toEqual(expect.arrayContaining(before.split('.')));
    visitor.jar.set(SESSION, before);
    expect((await visitor.ask('/r/2.8.0')).status).toBe(303);
  });

  it('takes no session that somebody else made up and put there', async () => {
    const visitor = there();
    visitor.jar.set(SESSION, `${'f'.repeat(43)}.${'g'.repeat(43)}`);
    expect((await visitor.ask('/r/2.8.0')).status).toBe(303);
    await signIn(visitor);
    expect(visitor.jar.get(SESSION)).not.toContain('f'.repeat(43));
  });

  it('takes no session from two cookies of its name, in whichever order', async () => {
    const [visitor, attacker] = [there(), there()];
    await signIn(visitor);
    await signIn(attacker, 'ben');
    const [mine, theirs] = [visitor.jar.get(SESSION) ?? '', attacker.jar.get(SESSION) ?? ''];
    visitor.jar.clear();
    for (const [first, second] of [
      [mine, theirs],
      [theirs, mine],
      [mine, mine],
    ] as const) {
      const cookie = `${SESSION}=${first}; ${SESSION}=${second}`;
      expect((await visitor.ask('/r/2.8.0', { headers: { cookie } })).status).toBe(303);
    }
    // Nor from one without the prefix, which a sister host can set.
    const cookie = `signalbox-session=${theirs}; signalbox-session-8787=${theirs}`;
    expect((await visitor.ask('/r/2.8.0', { headers: { cookie } })).status).toBe(303);
    expect((await visitor.ask('/r/2.8.0', { headers: { cookie: `${SESSION}=${mine}` } })).status).toBe(200);
  });

  it('changes the secret by the hour, keeps forms good, and takes the one before for a minute', async () => {
    const visitor = there();
    await signIn(visitor);
    const [secret = '', formKey = ''] = (visitor.jar.get(SESSION) ?? '').split('.');
    app.clock.move(3600);
    const old = `${SESSION}=${secret}.${formKey}`;
    await visitor.ask('/r/2.8.0');
    const [renewed, sameKey] = (visitor.jar.get(SESSION) ?? '').split('.');
    expect([renewed === secret, sameKey === formKey]).toEqual([false, true]);
    // A request that was under way.
    const late = await visitor.ask('/r/2.8.0', { headers: { cookie: old } });
    expect([late.status, late.headers.getSetCookie()]).toEqual([200, []]);
    const form = new URLSearchParams({ [FORM_FIELD]: formTokenOf(formKey) });
    const posted = await visitor.ask('/todo', { method: 'POST', body: form, headers: { origin: TLS } });
    expect([posted.status, site.done]).toEqual([303, ['todo-acknowledge']]);
    app.clock.move(60);
    expect((await visitor.ask('/r/2.8.0', { headers: { cookie: old } })).status).toBe(303);
    expect((await visitor.ask('/r/2.8.0')).status).toBe(200);
  });

  it('ends a session that nobody uses for twelve hours, and every one after seven days', async () => {
    const visitor = there();
    await signIn(visitor);
    for (let hours = 0; hours < 7 * 24 - 11; hours += 11) {
      expect((await visitor.ask('/r/2.8.0')).status).toBe(200);
      app.clock.move(11 * 3600);
    }
    app.clock.move(11 * 3600);
    expect((await visitor.ask('/r/2.8.0')).status).toBe(303);
    await signIn(visitor);
    app.clock.move(12 * 3600);
    expect((await visitor.ask('/r/2.8.0')).status).toBe(303);
  });

  it('signs out by a form of its own, and by nothing else', async () => {
    const visitor = there();
    await signIn(visitor);
    const before = visitor.jar.get(SESSION) ?? '';
    const form = new URLSearchParams({ [FORM_FIELD]: formTokenOf(before.split('.')[1] ?? '') });
    expect((await visitor.ask('/sign-out')).status).toBe(404);
    const evil = { method: 'POST', body: form, headers: { origin: 'https://evil.example' } };
    expect((await visitor.ask('/sign-out', evil)).status).toBe(403);
    expect(
      (await visitor.ask('/sign-out', { method: 'POST', body: new URLSearchParams(), headers: { origin: TLS } }))
        .status,
    ).toBe(403);
    expect((await visitor.ask('/sign-out', { method: 'POST', body: form, headers: { origin: TLS } })).status).toBe(200);
    expect(visitor.jar.has(SESSION)).toBe(false);
    visitor.jar.set(SESSION, before);
    expect((await visitor.ask('/r/2.8.0')).status).toBe(303);
  });

  it('signs out everywhere: every browser of the person, nobody else, and no token', async () => {
    const [here, lost, other] = [there(), there(), there()];
    await signIn(here);
    await signIn(lost);
    await signIn(other, 'ben');
    const made = await createToken(app, { name: 'nightly', scope: 'read', days: 1 });
    const secret = made.ok ? made.value.secret : '';
    const form = { [FORM_FIELD]: formTokenOf((here.jar.get(SESSION) ?? '').split('.')[1] ?? ''), everywhere: '1' };
    const init = { method: 'POST', body: new URLSearchParams(form), headers: { origin: TLS } };
    expect(await (await here.ask('/sign-out', init)).text()).toContain('Every session of yours has ended');
    const statuses = await Promise.all([here, lost, other].map(async ({ ask }) => (await ask('/r/2.8.0')).status));
    expect(statuses).toEqual([303, 303, 200]);
    const byToken = { headers: { authorization: `Bearer ${secret}` } };
    expect((await there().ask('/r/2.8.0', byToken)).status).toBe(200);
  });

  it('signs out everywhere by command', async () => {
    const visitor = there();
    await signIn(visitor);
    expect(await signOutEverywhere(app)).toEqual({ login: 'ana', ended: 1 });
    expect((await visitor.ask('/r/2.8.0')).status).toBe(303);
    expect(await signOutEverywhere(app)).toEqual({ login: 'ana', ended: 0 });
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/%2e%2e//evil.example',
    '/r/..//..//evil.example/..//',
    'javascript:alert(1)',
    '/r\r\nSet-Cookie: a=b',
    '/\u0000',
    '/sign-in?back=/sign-in',
    '/sign-out',
    '',
    ' /r',
    'r',
    `/${'x'.repeat(2000)}`,
  ])('does not go on to %j', async (back) => {
    const visitor = there();
    const ended = await signIn(visitor, 'ana', back);
    const target = new URL(to(ended), TLS);
    expect([ended.status, target.origin]).toEqual([303, TLS]);
    expect(to(ended)).toMatch(/^\/(?![/\\])/);
    expect(target.pathname).not.toMatch(/^\/sign-/);
    expect(ended.headers.getSetCookie().filter((line) => line.startsWith('a='))).toEqual([]);
  });

  it('takes no link, which is for one machine only', async () => {
    const { path } = await makeSignInLink(app);
    expect((await there().ask(path)).status).toBe(404);
  });

  it('answers to its own name only', async () => {
    const visitor = there();
    await signIn(visitor);
    for (const host of ['evil.example', 'box.example.evil.example', '127.0.0.1:8787', ''])
      expect((await visitor.ask('/r/2.8.0', { headers: { host } })).status).toBe(421);
    expect((await visitor.ask('/r/2.8.0', { headers: { host: 'BOX.example' } })).status).toBe(200);
  });

  it('slows down who tries often, and nobody else', async () => {
    let address = '192.0.2.7';
    site = madeUpSite(app, { link: false, outside: outsideOf(TLS), address: () => address });
    const visitor = there();
    for (let times = 0; times < 20; times += 1) expect((await visitor.ask('/sign-in/forge')).status).toBe(303);
    const refused = await visitor.ask('/sign-in/forge');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    address = '192.0.2.8';
    expect((await visitor.ask('/sign-in/forge')).status).toBe(303);
    address = '192.0.2.7';
    app.clock.move(60);
    expect((await visitor.ask('/sign-in/forge')).status).toBe(303);
  });

  it.each(['r\r\nset-cookie: a=b', 'line\nbreak', '\u0000', '', ' lead', 'x'.repeat(61), '\u202eevil', '<script>'])(
    'gives no token the name %j',
    async (name) => {
      expect(await createToken(app, { name, scope: 'read', days: 1 })).toMatchObject({ ok: false });
    },
  );

  it.each([
    'Basic YTpi',
    'Bearer ',
    'Bearer sbx_short',
    `Bearer sbx_${'A'.repeat(43)} `.repeat(2),
    `Bearer sbx_${'A'.repeat(20_000)}`,
    `token sbx_${'A'.repeat(43)}`,
  ])('takes no authorization like %s', async (authorization) => {
    expect((await there().ask('/r/2.8.0', { headers: { authorization } })).status).toBe(401);
  });

  it('keeps no secret that it gave out', async () => {
    const visitor = there();
    const begun = await visitor.ask('/sign-in/forge?back=/');
    const state = new URL(to(begun)).searchParams.get('state') ?? '';
    const attempt = visitor.jar.get('__Host-signalbox-attempt') ?? '';
    await visitor.ask(forge.agree(to(begun), 'ana'));
    const made = await createToken(app, { name: 'ci', scope: 'read', days: 1 });
    const secrets = [state, attempt, ...(visitor.jar.get(SESSION) ?? '').split('.'), made.ok ? made.value.secret : ''];
    expect(secrets.map((secret) => secret.length)).toEqual([43, 43, 43, 43, 47]);
    const sessions = await app.sessions();
    const entries = await (await app.ledger()).read({ train: smallTrain.train });
    const kept = JSON.stringify([entries, await sessions.tokens.list(null)]);
    for (const secret of secrets) expect(kept).not.toContain(secret);
  });
});

describe('by a link, on this machine', () => {
  let app: ReturnType<typeof memoryApp>;
  let site: MadeUpSite;
  const there = () => browser(() => site, LOCAL);
  beforeEach(() => {
    app = memoryApp({ who: () => Promise.resolve('nobody-special') });
    site = madeUpSite(app, { link: true });
  });

  it('signs in whoever made it, once, also without a role', async () => {
    const { path } = await makeSignInLink(app);
    const [visitor, other] = [there(), there()];
    const ended = await visitor.ask(path);
    expect([ended.status, to(ended)]).toEqual([303, '/']);
    expect(ended.headers.getSetCookie()[0]).toMatch(
      /^signalbox-session-8787=[\w-]{43}\.[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await visitor.ask('/')).status).toBe(200);
    expect((await other.ask(path)).status).toBe(403);
    expect(other.jar.size).toBe(0);
  });

  it('takes no link that is ten minutes old, and none that was made up', async () => {
    const { path } = await makeSignInLink(app);
    app.clock.move(600);
    expect((await there().ask(path)).status).toBe(403);
    for (const code of ['', 'x', 'A'.repeat(43), 'A'.repeat(3000)])
      expect((await there().ask(`/sign-in/link?code=${code}`)).status).toBe(403);
  });

  it('does not use a link up when it is only looked at or fetched ahead', async () => {
    const { path } = await makeSignInLink(app);
    const visitor = there();
    expect((await visitor.ask(path, { method: 'HEAD' })).status).toBe(204);
    expect((await visitor.ask(path, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(204);
    expect(visitor.jar.size).toBe(0);
    expect((await visitor.ask(path)).status).toBe(303);
  });

  it('answers to no name that was pointed to this machine', async () => {
    const visitor = there();
    await visitor.ask((await makeSignInLink(app)).path);
    for (const host of ['rebound.example:8787', '127.0.0.1', '127.0.0.1:9999', '192.168.0.2:8787'])
      expect((await visitor.ask('/', { headers: { host } })).status).toBe(421);
    for (const host of ['127.0.0.1:8787', 'localhost:8787', '[::1]:8787'])
      expect((await visitor.ask('/', { headers: { host } })).status).toBe(200);
  });
});

describe('addresses', () => {
  let site: MadeUpSite;
  beforeEach(() => {
    site = madeUpSite(memoryApp(), { link: true });
  });
  const ask = async (raw: string): Promise<number> => (await browser(() => site, LOCAL).ask(`${LOCAL}${raw}`)).status;

  it.each([
    '//r/2.8.0',
    '//evil.example/r',
    '/r//2.8.0',
    '/r/..%2f2.8.0',
    '/r/%2e%2e%2f2.8.0',
    '/r/2.8.0%00',
    '/r/2.8.0%0d%0aset-cookie:a=b',
    '/r/%5c..%5c',
    '/r/%252e%252e',
    '/r/%ff',
    '/r/%',
    '/r/2.8.0/gates/%2fetc%2fpasswd',
  ])('takes %s for none of its own', async (path) => {
    expect(await ask(path)).toBe(400);
  });

  it('takes no address that is longer than anybody needs', async () => {
    expect(await ask(`/r/${'9'.repeat(4000)}`)).toBe(414);
    expect(await ask(`/r/2.8.0?q=${'9'.repeat(4000)}`)).toBe(414);
  });

  it('leaves alone what is one, with anything in its query', async () => {
    expect(await ask('/r/2.8.0')).toBe(303);
    expect(await ask('/r/2.8.0?back=//evil%2f..%00')).toBe(303);
  });
});

describe('headers and bodies', () => {
  it('says to browsers what they may do with every answer, also with refusals', async () => {
    const site = madeUpSite(memoryApp(), { link: false, outside: outsideOf(TLS) });
    for (const [path, host] of [
      ['/', 'box.example'],
      ['/none', 'box.example'],
      ['/', 'evil.example'],
      ['//', 'box.example'],
    ] as const) {
      const { headers } = await browser(() => site, TLS).ask(path, { headers: { host } });
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000',
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
      });
      expect(headers.get('permissions-policy')).toContain('camera=()');
    }
  });

  it('says nothing of TLS where there is none', async () => {
    const site = madeUpSite(memoryApp(), { link: true });
    expect((await browser(() => site, LOCAL).ask('/')).headers.has('strict-transport-security')).toBe(false);
  });

  it('refuses a body that is too large, whether it says so or not', async () => {
    const site = madeUpSite(memoryApp(), { link: true });
    const { ask } = browser(() => site, LOCAL);
    const body = 'x'.repeat(65 * 1024);
    expect(
      (await ask('/todo', { method: 'POST', body, headers: { 'content-length': String(body.length) } })).status,
    ).toBe(413);
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024)),
    });
    const endless = {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { 'transfer-encoding': 'chunked' },
    } as const;
    expect((await ask('/todo', endless)).status).toBe(413);
    expect((await ask('/sign-out', { method: 'POST', body: 'x'.repeat(5000) })).status).toBe(413);
  });
});
