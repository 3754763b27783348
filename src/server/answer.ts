import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { App } from '../app/app.ts';
import type { AppProblem } from '../app/problem.ts';
import type { Address, Form } from './address.ts';
import type { Admission } from './admission.ts';
import type { Log } from './duties.ts';
import type { Guard, Identity } from './guard.ts';
import type { KeptHtml, WholeHtml } from './kept-html.ts';
import type { AnyAction, Page } from './page.ts';
import type { PastViews } from './past.ts';
import { problemDoc, statusOf } from './problems.ts';
import { roomOf, shownOf, type Showing, type Shown } from './show.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

/** What the frame around a page is made from. */
export interface Frame {
  readonly shown: Shown;
  readonly identity: Identity | null;
  readonly formToken: string | null;
  /** Path and query of the page. */
  readonly path: string;
  readonly snapshot: Pick<Snapshot, 'asOf' | 'stale'> | null;
  /** False where no stream tells of changes: it was read for this answer alone. */
  readonly live?: boolean;
  /** One sentence about what was just done. */
  readonly said: string | null;
  readonly signIn: string;
  readonly cookies: Readonly<Record<string, string>>;
}

export interface SiteParts {
  readonly app: App;
  readonly pages: readonly Page[];
  readonly actions: readonly AnyAction[];
  readonly guard: Guard;
  readonly snapshots: Snapshots;
  readonly past: PastViews;
  /** The whole HTML document. */
  readonly frame: (frame: Frame) => Promise<WholeHtml>;
  readonly kept: KeptHtml;
  /** The page as plain text. */
  readonly text: (shown: Shown) => string;
  readonly product: { readonly title: string; readonly version: string };
  readonly log: Log;
  /** After something was done: every reading may be another now. */
  readonly changed: () => void;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** In what an answer is shown, whatever it says. */
export interface Place {
  /** Path and query that is gone on from. */
  readonly path: string;
  readonly form: Form;
  readonly identity: Identity | null;
}

/** A request for a page. */
export interface Asked extends Place {
  readonly address: Address;
}

/** The form that is answered in: by the ending of the path, else by what the client accepts. */
export function formOf(context: Context, ending: Form | null): Form {
  if (ending !== null) return ending;
  const accept = context.req.header('accept') ?? '';
  if (accept.includes('text/html')) return 'html';
  if (accept.startsWith('application/json')) return 'json';
  return accept.startsWith('text/plain') ? 'text' : 'html';
}

export async function answer(context: Context, parts: SiteParts, showing: Showing, asked: Asked): Promise<Response> {
  const { address, identity } = asked;
  const at = address.query['at'];
  if (at !== undefined) return answerPast(context, parts, asked, at);
  // A program gets what is; so does who has just done something. Whoever looks sees at once what there is, and the stream brings what is new.
  const isPatient = asked.form !== 'html' || context.req.query('said') !== undefined;
  const reading = await (isPatient ? parts.snapshots.get(address) : parts.snapshots.soon(address));
  if (!reading.ok) return refuse(context, parts, asked, reading);
  const snapshot = reading.value;
  if (asked.form === 'json') return asJson(context, address.page, snapshot);
  const shown = showing.show(address, snapshot, identity);
  return asPage(context, parts, asked, { shown, snapshot });
}

/** The page as somebody could have seen it then. */
async function answerPast(context: Context, parts: SiteParts, asked: Asked, at: string): Promise<Response> {
  const { address, identity } = asked;
  const found = await parts.past.find(address, at);
  if (!found.ok) return refuse(context, parts, asked, found);
  const { snapshot, moment } = found.value;
  if (asked.form === 'json') return asJson(context, address.page, snapshot);
  const room = roomOf(parts.app, identity, { now: moment, query: address.query, past: moment });
  const shown = shownOf(address.page.doc(snapshot.data, room), room, snapshot.version);
  return asPage(context, parts, asked, { shown, snapshot });
}

function asJson(context: Context, page: Page, { asOf, stale, data, version }: Snapshot): Response {
  const tag = `"${version}-${asOf}"`;
  context.header('etag', tag);
  context.header('cache-control', 'private, no-cache');
  if (context.req.header('if-none-match') === tag) return context.body(null, 304);
  const body = JSON.stringify({ schema: `signalbox.${page.name}/1`, asOf, stale, data });
  return context.body(`${body}\n`, 200, { 'content-type': JSON_TYPE });
}

export interface Ready {
  readonly shown: Shown;
  readonly snapshot: Pick<Snapshot, 'asOf' | 'stale'> | null;
  readonly live?: boolean;
  readonly status?: 200 | 400 | 401 | 403 | 404 | 409 | 422 | 503;
}

export async function asPage(context: Context, parts: SiteParts, place: Place, ready: Ready): Promise<Response> {
  const { shown, snapshot, live = true, status = 200 } = ready;
  context.header('cache-control', 'private, no-cache');
  context.header('vary', 'accept, accept-encoding, cookie');
  if (place.form === 'text') {
    return context.body(parts.text(shown), status, { 'content-type': 'text/plain; charset=utf-8' });
  }
  const { guard } = parts;
  const said = context.req.query('said') ?? null;
  const whole = await parts.frame({
    shown,
    snapshot,
    live,
    said,
    identity: place.identity,
    formToken: await guard.formToken(context.req.raw),
    path: place.path,
    signIn: guard.signInPath(place.path),
    cookies: getCookie(context),
  });
  const packed = await parts.kept.pack(whole, context.req.header('accept-encoding'));
  if (packed === null) return context.html(whole.make(), status);
  return context.body(packed.bytes, status, {
    'content-type': 'text/html; charset=utf-8',
    ...(packed.encoding === null ? {} : { 'content-encoding': packed.encoding }),
  });
}

/** A "no", in the form that was asked for. */
export interface Refusing {
  readonly problems: readonly [AppProblem, ...AppProblem[]];
  /** Another than the problem's own. */
  readonly status?: NonNullable<Ready['status']>;
  /** The page that something was to be done on: what it shows now helps on. */
  readonly back?: string;
}

export async function refuse(
  context: Context,
  parts: SiteParts,
  place: Place,
  { problems, status = statusOf(problems[0]), back }: Refusing,
): Promise<Response> {
  const [first] = problems;
  if (place.form === 'json') return context.json(refusalOf(context, first), status);
  const page = status === 404 ? 'There is no such page' : 'This page cannot be shown';
  const heading = back === undefined ? page : 'This was not done';
  const room = roomOf(parts.app, place.identity, { now: parts.app.clock.now(), query: {} });
  return asPage(context, parts, place, {
    shown: shownOf(problemDoc(heading, problems, back), room, 'none'),
    snapshot: null,
    status,
  });
}

export function refusalOf(context: Context, { code, text }: Pick<AppProblem, 'code' | 'text'>) {
  return { code, text, request: context.res.headers.get('x-request-id') ?? '' };
}

/** Nothing is there, in the form that was asked for. */
export function missing(context: Context, parts: SiteParts, place: Place): Promise<Response> {
  const text = 'Nothing is at this address. It may have been mistyped, or the release is gone.';
  return refuse(context, parts, place, { problems: [{ kind: 'usage', code: 'no-such-page', text }] });
}

/** To the page for signing in, or a refusal that a program can read. */
export function notAdmitted(context: Context, admission: Admission): Response {
  if (admission.kind === 'sign-in') return context.redirect(admission.to, 303);
  const status = admission.kind === 'refused' ? admission.status : 401;
  const text = admission.kind === 'refused' ? admission.text : 'Sign in first.';
  const accept = context.req.header('accept') ?? '';
  if (accept.includes('text/html') || accept.startsWith('text/plain')) return context.text(`${text}\n`, status);
  return context.json(refusalOf(context, { code: status === 401 ? 'not-signed-in' : 'not-allowed', text }), status);
}
