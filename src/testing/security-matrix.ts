import { expect, it } from 'vitest';
import type { App } from '../app/app.ts';
import { createToken, revokeToken } from '../app/sign-in/tokens.ts';
import type { Role } from '../domain/train/train.ts';
import { FORM_FIELD } from '../api/form.ts';
import type { FixedClock } from './fixed-clock.ts';
import { signedInAt } from './serving.ts';

/** Who holds which role of the train under test; `nobody-special` holds none. */
export const PEOPLE = {
  'release-manager': 'rita',
  approver: 'anton',
  'triage-reviewer': 'tess',
  'repo-owner': 'otto',
} as const satisfies Record<Role, string>;
const WITHOUT = 'nobody-special';
const ROLES: readonly Role[] = ['release-manager', 'approver', 'triage-reviewer', 'repo-owner'];

/** A server whose routes are tried: over plain http on this machine. */
export interface SecuredSite {
  readonly app: App & { readonly clock: FixedClock };
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly fetch: (request: Request) => Promise<Response> | Response;
  /** Of whoever may read: the pages' readers, as the train has it. */
  readonly readers: 'everybody' | 'signed-in' | 'with-role';
}

export interface RouteList {
  readonly pages: readonly { readonly name: string; readonly path: string }[];
  readonly actions: readonly { readonly name: string; readonly path: string; readonly roles: readonly Role[] }[];
}

/** What somebody shows of themselves. */
interface Shows {
  readonly headers: Readonly<Record<string, string>>;
  readonly formToken: string | null;
}

/** Whoever may come, and how they are known. */
interface Visitor {
  readonly name: string;
  readonly known: 'nobody' | 'session' | 'token';
  readonly roles: readonly Role[];
  readonly scope: 'read' | 'write';
  show(site: SecuredSite): Promise<Shows>;
}

const NOTHING: Shows = { headers: {}, formToken: null };

/** What a browser shows that is signed in as somebody. */
async function signedInAs({ app, origin }: SecuredSite, login: string): Promise<Shows> {
  const { cookie, formToken } = await signedInAt(origin, app, login);
  return { headers: { cookie: `${cookie.name}=${cookie.value}` }, formToken };
}

async function tokenOf(
  site: SecuredSite,
  login: string,
  change: { readonly scope: 'read' | 'write'; readonly revoked?: boolean },
): Promise<Shows> {
  const app = { ...site.app, who: () => Promise.resolve(login) };
  const made = await createToken(app, { name: 'matrix', scope: change.scope, days: 30 });
  if (!made.ok) throw new Error('no token was made');
  if (change.revoked === true) await revokeToken(app, made.value.token.id);
  return { headers: { authorization: `Bearer ${made.value.secret}` }, formToken: null };
}

const manager = PEOPLE['release-manager'];
const VISITORS: readonly Visitor[] = [
  { name: 'nobody', known: 'nobody', roles: [], scope: 'read', show: async () => NOTHING },
  {
    name: 'somebody without a role',
    known: 'session',
    roles: [],
    scope: 'write',
    show: (site) => signedInAs(site, WITHOUT),
  },
  ...ROLES.map((role): Visitor => ({
    name: `a ${role}`,
    known: 'session',
    roles: [role],
    scope: 'write',
    show: (site) => signedInAs(site, PEOPLE[role]),
  })),
  {
    name: 'a token without a role',
    known: 'token',
    roles: [],
    scope: 'write',
    show: (site) => tokenOf(site, WITHOUT, { scope: 'write' }),
  },
  {
    name: "a manager's token that reads",
    known: 'token',
    roles: ['release-manager'],
    scope: 'read',
    show: (site) => tokenOf(site, manager, { scope: 'read' }),
  },
  {
    name: "a manager's token that writes",
    known: 'token',
    roles: ['release-manager'],
    scope: 'write',
    show: (site) => tokenOf(site, manager, { scope: 'write' }),
  },
  {
    name: 'a session that is over',
    known: 'nobody',
    roles: [],
    scope: 'read',
    show: async (site) => {
      const shows = await signedInAs(site, manager);
      site.app.clock.move(13 * 3600);
      return shows;
    },
  },
  {
    name: 'a token that was revoked',
    known: 'nobody',
    roles: [],
    scope: 'read',
    show: (site) => tokenOf(site, manager, { scope: 'write', revoked: true }),
  },
  {
    name: 'a token that is over',
    known: 'nobody',
    roles: [],
    scope: 'read',
    show: async (site) => {
      const shows = await tokenOf(site, manager, { scope: 'write' });
      site.app.clock.move(31 * 24 * 3600);
      return shows;
    },
  },
  {
    name: 'a session with the forms of another',
    known: 'nobody',
    roles: [],
    scope: 'read',
    show: async (site) => {
      const [one, two] = [await signedInAs(site, manager), await signedInAs(site, manager)];
      const cookie = `${one.headers['cookie']?.split('.').slice(0, -1).join('.') ?? ''}.${two.headers['cookie']?.split('.').at(-1) ?? ''}`;
      return { headers: { cookie }, formToken: two.formToken };
    },
  },
  {
    name: 'a token that does not hold, beside a session that does',
    known: 'nobody',
    roles: [],
    scope: 'read',
    show: async (site) => {
      const { headers } = await signedInAs(site, manager);
      return { headers: { ...headers, authorization: `Bearer sbx_${'A'.repeat(43)}` }, formToken: null };
    },
  },
];

const filled = (path: string): string =>
  path.replaceAll(/:([a-z]+)(?:\{[^}]*\})?\??/gi, (_all, name: string) => (name === 'release' ? '2.8.0' : 'x'));

/** What came of a request, as far as rights go. */
async function outcome(site: SecuredSite, request: Request): Promise<'in' | 'sign-in' | 401 | 403> {
  const response = await site.fetch(request);
  await response.body?.cancel();
  const { status } = response;
  if (status === 401 || status === 403) return status;
  // Turned away for another reason than rights: then nothing was tried.
  if (status >= 500 || [400, 413, 421, 429].includes(status))
    throw new Error(`${request.method} ${request.url} answered ${status}`);
  const to = response.headers.get('location') ?? '';
  return status >= 300 && status < 400 && to.startsWith('/sign-in') ? 'sign-in' : 'in';
}

function mayRead({ readers }: SecuredSite, { known, roles }: Visitor): boolean {
  return readers === 'everybody' || (known !== 'nobody' && (readers === 'signed-in' || roles.length > 0));
}

function asked(site: SecuredSite, path: string, init: { method: string; shows: Shows; accept: string }): Request {
  const { method, shows, accept } = init;
  return new Request(`${site.origin}${filled(path)}`, {
    method,
    headers: { host: new URL(site.origin).host, accept, ...shows.headers },
  });
}

/** Every route and method by everybody who may come: the status it must have, and nothing weaker. */
export function securityMatrix({ pages, actions }: RouteList, under: () => SecuredSite): void {
  it.each(VISITORS.flatMap((visitor) => pages.map((page) => ({ visitor, page }))))(
    'page $page.name, by $visitor.name',
    async ({ visitor, page }) => {
      const site = under();
      const shows = await visitor.show(site);
      const ask = (method: string, accept: string) => outcome(site, asked(site, page.path, { method, shows, accept }));
      const may = mayRead(site, visitor);
      const browser = shows.headers['authorization'] === undefined ? 'sign-in' : 401;
      const no = visitor.known === 'nobody' ? browser : 403;
      expect([await ask('GET', 'text/html'), await ask('HEAD', 'text/html')]).toEqual(may ? ['in', 'in'] : [no, no]);
      const program = visitor.known === 'nobody' ? 401 : 403;
      for (const accept of ['application/json', 'text/plain', 'text/event-stream'])
        expect(await ask('GET', accept)).toBe(may ? 'in' : program);
    },
  );

  it.each(pages)('page $name does nothing for any method that changes something', async ({ path }) => {
    const site = under();
    if (actions.some((action) => action.path === path)) return;
    const shows = await signedInAs(site, manager);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await site.fetch(asked(site, path, { method, shows, accept: 'text/html' }));
      await response.body?.cancel();
      expect([401, 403, 404, 405]).toContain(response.status);
    }
  });

  it.each(VISITORS.flatMap((visitor) => actions.map((action) => ({ visitor, action }))))(
    'action $action.name, by $visitor.name',
    async ({ visitor, action }) => {
      const site = under();
      const shows = await visitor.show(site);
      const has = action.roles.length === 0 || action.roles.some((role) => visitor.roles.includes(role));
      const may = mayRead(site, visitor) && has && visitor.scope === 'write';
      const expected = visitor.known === 'nobody' ? 401 : may ? 'in' : 403;
      expect(await outcome(site, formOf(site, action.path, shows))).toBe(expected);
    },
  );

  it.each(actions)('action $name, from elsewhere or without its form', async ({ path }) => {
    const site = under();
    const shows = await signedInAs(site, manager);
    const other = await signedInAs(site, manager);
    const forged: readonly (readonly [string, Request])[] = [
      ['no token', formOf(site, path, { ...shows, formToken: null })],
      ['a token of another session', formOf(site, path, { ...shows, formToken: other.formToken })],
      ['another origin', formOf(site, path, shows, { origin: 'https://evil.example' })],
      ['no origin', formOf(site, path, shows, { origin: 'null' })],
      ['another site', formOf(site, path, shows, { 'sec-fetch-site': 'cross-site' })],
      ['a sister host', formOf(site, path, shows, { 'sec-fetch-site': 'same-site' })],
      ['nothing that only a browser says', formOf(site, path, shows, { origin: '', 'sec-fetch-site': '' })],
    ];
    for (const [what, request] of forged) expect([what, await outcome(site, request)]).toEqual([what, 403]);
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
      const response = await site.fetch(asked(site, path, { method, shows, accept: 'text/html' }));
      await response.body?.cancel();
      expect([403, 404, 405]).toContain(response.status);
    }
  });
}

/** A form of a page of ours, sent by a browser; a header that is '' is left out. */
function formOf(site: SecuredSite, path: string, shows: Shows, change: Readonly<Record<string, string>> = {}): Request {
  const { origin } = site;
  const all = { origin, 'sec-fetch-site': 'same-origin', ...shows.headers, ...change };
  const said = Object.entries(all).filter(([, value]) => value !== '');
  return new Request(`${origin}${filled(path)}`, {
    method: 'POST',
    headers: { host: new URL(origin).host, accept: 'text/html', ...Object.fromEntries(said) },
    body: new URLSearchParams(shows.formToken === null ? {} : { [FORM_FIELD]: shows.formToken }),
  });
}
