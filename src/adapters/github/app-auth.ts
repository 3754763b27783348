import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { epochMillis } from '../../domain/instant.ts';
import { Instant } from '../../domain/instant.ts';
import { ForgeError } from '../../ports/forge.ts';
import { exchange, HttpFailure, type HttpAnswer, type HttpTools } from '../http/exchange.ts';
import { refusalOf, unexpected, type Ask } from './failure.ts';

/** A GitHub App, as which the product acts: its own limits and rights, and no person's token. */
export interface GitHubApp {
  readonly id: string;
  /** PEM, as GitHub gives it. */
  readonly privateKey: string;
  /** Which installation; where there is one only, it need not be named. */
  readonly installation?: number;
}

/** What a call is made with. `identity` stays the same while tokens change, so that kept answers stay of use. */
export interface Credential {
  readonly secret: string | null;
  readonly identity: string;
}

export type Credentials = (url: URL) => Promise<Credential>;

/** One token, asked for before each call. */
export function tokenCredentials(token: () => string | null): Credentials {
  return async () => {
    const secret = token();
    return { secret, identity: secret ?? '' };
  };
}

const MINUTE = 60_000;
const Issued = z.object({ token: z.string().min(1), expires_at: Instant });
const Installations = z.array(z.object({ id: z.int() }));

function keyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Its error would quote what was given.
    throw new ForgeError(
      'not-signed-in',
      'GitHub: the private key of the app is no PEM key. Give the file as GitHub made it.',
    );
  }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The app's own word: signed with its key, good for nine minutes, since GitHub takes none that is good for more than ten. */
function wordOf(id: string, key: KeyObject, now: number): string {
  const seconds = Math.floor(now / 1000);
  // A minute back: the clocks of the two sides differ.
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: seconds - 60, exp: seconds + 540, iss: id })}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

interface AppTools {
  readonly apiUrl: URL;
  readonly http: HttpTools;
  readonly userAgent: string;
  readonly now: () => number;
}

async function asked<Body>(
  tools: AppTools,
  call: { readonly method: 'GET' | 'POST'; readonly path: string; readonly word: string; readonly act: string },
  schema: z.ZodType<Body>,
): Promise<Body> {
  const ask: Ask = { act: call.act, repo: null };
  const headers = {
    accept: 'application/vnd.github+json',
    'user-agent': tools.userAgent,
    authorization: `Bearer ${call.word}`,
  };
  const url = new URL(`${tools.apiUrl.href.replace(/\/$/, '')}${call.path}`);
  const answer = await exchange({ method: call.method, url, headers, body: null }, tools.http).catch(
    (error: unknown) => {
      if (!(error instanceof HttpFailure)) throw error;
      const next = 'Check the network and the address, then try again.';
      throw new ForgeError('unreachable', `GitHub: cannot ${call.act}: ${error.message}. ${next}`, { cause: error });
    },
  );
  return bodyOf(ask, answer, tools.now(), schema);
}

function bodyOf<Body>(ask: Ask, answer: HttpAnswer, now: number, schema: z.ZodType<Body>): Body {
  const text = new TextDecoder().decode(answer.body);
  const { status } = answer;
  if (status >= 300) throw refusalOf(ask, { status, header: (name) => answer.headers.get(name), text }, false, now);
  const body = schema.safeParse(JSON.parse(text));
  if (!body.success) throw unexpected(ask, 'the API for apps', 'something else than a token', body.error);
  return body.data;
}

async function installationOf(tools: AppTools, word: string): Promise<number> {
  const call = { method: 'GET', path: '/app/installations', word, act: 'find where the app is installed' } as const;
  const found = await asked(tools, call, Installations);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only.id;
  const why = found.length === 0 ? 'is installed nowhere' : `has ${found.length} installations`;
  const next = found.length === 0 ? 'Install it in the organisation.' : 'Say which one.';
  throw new ForgeError('not-signed-in', `GitHub: the app ${why}. ${next}`);
}

/** The app's own word for what is about the app, and for all else the token of its installation, renewed before it ends. */
export function appCredentials(app: GitHubApp, tools: AppTools): Credentials {
  let key: KeyObject | null = null;
  let issued: Promise<z.infer<typeof Issued>> | null = null;
  const word = (): string => wordOf(app.id, (key ??= keyOf(app.privateKey)), tools.now());
  const issue = async (): Promise<z.infer<typeof Issued>> => {
    const installation = app.installation ?? (await installationOf(tools, word()));
    const path = `/app/installations/${installation}/access_tokens`;
    return asked(tools, { method: 'POST', path, word: word(), act: 'get a token for the app' }, Issued);
  };
  const present = async (): Promise<z.infer<typeof Issued>> => {
    const known = await issued;
    if (known !== null && epochMillis(known.expires_at) - tools.now() > 5 * MINUTE) return known;
    // Two calls at once ask for one token; a failure is not kept.
    const asking = issue().catch((error: unknown) => {
      issued = null;
      throw error;
    });
    issued = asking;
    return asking;
  };
  const about = `${tools.apiUrl.pathname.replace(/\/$/, '')}/app`;
  return async ({ pathname }) => {
    const identity = `app ${app.id} ${app.installation ?? ''}`;
    if (pathname === about || pathname.startsWith(`${about}/`))
      return { secret: word(), identity: `${identity} itself` };
    return { secret: (await present()).token, identity };
  };
}
