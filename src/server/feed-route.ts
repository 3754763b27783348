import { Hono, type Context } from 'hono';
import { etag } from 'hono/etag';
import type { App } from '../app/app.ts';
import { readNews } from '../app/feeds/news.ts';
import { parseRelease, requireRelease } from '../app/releases.ts';
import { failureCode } from '../domain/observation.ts';
import { releaseHref } from '../domain/page-path.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { atomOf } from '../web/feed/atom.ts';
import { FEED_FORMS, FEED_NAMES, feedPath, type Feed, type FeedForm } from '../web/feed/feed.ts';
import { rssOf } from '../web/feed/rss.ts';
import type { Guard } from './guard.ts';
import { statusOf } from './problems.ts';

export interface FeedParts {
  readonly app: App;
  readonly guard: Guard;
  /** What addresses in feeds begin with: a reader has no base to resolve them against. */
  readonly origin: () => string;
}

const WRITE = { atom: atomOf, rss: rssOf } as const;

/** What feed readers subscribe to: news of the train, and of each release, as Atom and as RSS. */
export function feedRoutes(parts: FeedParts): Hono {
  const routes = new Hono();
  // Readers ask again and again: what they have already is not sent again.
  const known = etag();
  for (const form of FEED_NAMES) {
    for (const home of ['', '/r/:release']) {
      routes.get(feedPath(form, home), known, (context) =>
        answer(context, parts, { form, typed: context.req.param('release') ?? null }),
      );
    }
  }
  return routes;
}

interface Asked {
  readonly form: FeedForm;
  /** A release as it was typed; null for the whole train. */
  readonly typed: string | null;
}

async function answer(context: Context, parts: FeedParts, { form, typed }: Asked): Promise<Response> {
  const refusal = await refusalOf(context, parts.guard);
  if (refusal !== null) return refusal;
  const { app } = parts;
  try {
    const release = typed === null ? null : parseRelease(typed);
    const opened = release === null || !release.ok ? release : await requireRelease(app, release.value);
    if (opened !== null && !opened.ok) {
      const [problem] = opened.problems;
      return context.text(`${problem.text}\n`, statusOf(problem));
    }
    const feed = await feedOf(parts, form, opened === null ? null : opened.value.release);
    return context.body(WRITE[form](feed), 200, {
      'content-type': `${FEED_FORMS[form].type}; charset=utf-8`,
      'cache-control': 'private, no-cache',
      vary: 'authorization, cookie',
    });
  } catch (error) {
    if (failureCode(error) === null) throw error;
    return context.text('The database cannot be read; ask again later.\n', 503, { 'retry-after': '60' });
  }
}

async function feedOf({ app, origin }: FeedParts, form: FeedForm, release: ReleaseVersion | null): Promise<Feed> {
  const { id, news } = await readNews(app, release);
  const home = release === null ? '' : releaseHref(release);
  return {
    id,
    title: release === null ? `${app.loaded.train.title}: releases` : `${app.loaded.train.title} ${release}`,
    self: `${origin()}${feedPath(form, home)}`,
    home: `${origin()}${home === '' ? '/' : home}`,
    items: news.map(({ path, ...item }) => ({ ...item, link: `${origin()}${path}` })),
  };
}

const BASIC = /^Basic ([A-Za-z0-9+/]{1,1000}={0,2})$/iu;
const CHALLENGE = { 'www-authenticate': 'Basic realm="Signalbox feeds", charset="UTF-8"' };
const WHO = 'Give a token with the scope read as the password, with any name: signalbox token create --scope read';

/**
 * Why whoever asks gets no feed; null where they do. Readers of feeds can send a name and a password and nothing else, so that a token may be the password
 * here, and only here: a browser sends a password by itself, also from pages of others, and nothing may be done by it.
 */
async function refusalOf(context: Context, guard: Guard): Promise<Response | null> {
  const { raw } = context.req;
  const basic = BASIC.exec(raw.headers.get('authorization') ?? '')?.[1];
  const identity = await guard.identify(basic === undefined ? raw : asBearer(raw, basic));
  if (basic !== undefined && identity?.scope === 'write')
    return context.text('A token that may write is too much for a feed reader. Make one with the scope read.\n', 403);
  if (guard.mayRead(identity)) return null;
  if (identity === null) return context.text(`${WHO}\n`, 401, CHALLENGE);
  return context.text(`The train gives ${identity.login} no role, which it asks of its readers.\n`, 403);
}

/** The same request with the password as its token. */
function asBearer({ url, headers }: Request, basic: string): Request {
  const given = Buffer.from(basic, 'base64').toString('utf8');
  const password = given.slice(given.indexOf(':') + 1);
  const shown = new Headers(headers);
  // A password that is no token is none; only such signs may stand in a header.
  shown.set('authorization', `Bearer ${/^[\w-]+$/u.test(password) ? password : '-'}`);
  return new Request(url, { headers: shown });
}
