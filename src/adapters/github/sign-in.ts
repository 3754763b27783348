import { z } from 'zod';
import { ForgeError } from '../../ports/forge.ts';
import type { ForgeSignIn, SignInAnswer } from '../../ports/forge-sign-in.ts';
import { exchange, HttpFailure, systemTools, type HttpAnswer } from '../http/exchange.ts';
import { openBy, type HttpRequest } from '../http/open.ts';
import { checkedAddress } from './address.ts';

export interface GitHubSignInOptions {
  /** Where people look: `https://github.com`. */
  readonly web: string;
  readonly apiUrl: string;
  /** The OAuth app. */
  readonly id: string;
  readonly secret: () => string;
  readonly userAgent: string;
  readonly fetch?: typeof globalThis.fetch;
}

const LIMITS = { time: 15_000, bytes: 256 * 1024, redirects: 0 };
/** GitHub answers a refusal with 200, and names it. */
const TokenAnswer = z.union([
  z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,1000}$/) }),
  z.object({ error: z.string() }),
]);
/** Only a person signs in: an organisation or a bot has no browser. */
const Person = z.object({
  login: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/),
  type: z.literal('User'),
});

function failed(code: ForgeError['code'], why: string, cause?: unknown): ForgeError {
  return new ForgeError(code, `GitHub: cannot sign in: ${why}. Begin again.`, { cause });
}

function jsonOf<Body>(answer: HttpAnswer, schema: z.ZodType<Body>): Body {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(answer.body)));
  } catch (error) {
    // What was answered may hold a token, so it is not quoted, and is no cause either.
    const said = error instanceof SyntaxError ? 'no JSON' : 'something else than is documented';
    throw failed('unexpected-answer', `${answer.url.pathname} answered ${said}`);
  }
}

function below(root: URL, path: string): URL {
  return new URL(`${root.href.replace(/\/$/, '')}${path}`);
}

/** GitHub's web flow. What it gives is used once, to ask whose it is, and kept nowhere. */
export function githubSignIn(options: GitHubSignInOptions): ForgeSignIn {
  const web = checkedAddress(options.web, 'web address');
  const api = checkedAddress(options.apiUrl, 'API address');
  const tools = {
    ...systemTools,
    limits: LIMITS,
    ...(options.fetch === undefined ? {} : { open: openBy(options.fetch) }),
  };
  const call = async (request: Omit<HttpRequest, 'headers'>, headers: Record<string, string>): Promise<HttpAnswer> => {
    const all = { 'user-agent': options.userAgent, accept: 'application/json', ...headers };
    const answer = await exchange({ ...request, headers: all }, tools).catch((error: unknown) => {
      if (!(error instanceof HttpFailure)) throw error;
      throw failed('unreachable', error.message, error);
    });
    if (answer.status === 200) return answer;
    const code = answer.status >= 500 ? 'unavailable' : 'not-signed-in';
    throw failed(code, `${request.url.pathname} answered ${answer.status}`);
  };
  const tokenFor = async ({ code, verifier, redirect }: SignInAnswer): Promise<string> => {
    const fields = { client_id: options.id, client_secret: options.secret(), code, redirect_uri: redirect };
    const body = new URLSearchParams({ ...fields, code_verifier: verifier }).toString();
    const url = below(web, '/login/oauth/access_token');
    const type = 'application/x-www-form-urlencoded';
    const said = jsonOf(await call({ method: 'POST', url, body }, { 'content-type': type }), TokenAnswer);
    if ('access_token' in said) return said.access_token;
    throw failed('not-signed-in', `the forge does not take it (${said.error.replaceAll(/[^a-z_]/g, '').slice(0, 60)})`);
  };
  return {
    authorizeUrl: ({ state, challenge, redirect }) => {
      const url = below(web, '/login/oauth/authorize');
      // No scope: who somebody is can be seen without any right.
      const asked = { client_id: options.id, redirect_uri: redirect, state, allow_signup: 'false' };
      url.search = new URLSearchParams({
        ...asked,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }).toString();
      return url.href;
    },
    loginOf: async (answer) => {
      const token = await tokenFor(answer);
      const request = { method: 'GET', url: below(api, '/user'), body: null };
      return jsonOf(await call(request, { authorization: `Bearer ${token}` }), Person).login;
    },
  };
}
