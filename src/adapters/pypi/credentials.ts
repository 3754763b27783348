import { z } from 'zod';
import { PackageIndexError } from '../../ports/package-index.ts';
import { judgeRead, type DocumentTools } from '../http/document.ts';
import { exchange, HttpFailure, type HttpAnswer } from '../http/exchange.ts';
import type { HttpRequest } from '../http/open.ts';
import { withRetries } from '../http/retry.ts';
import { isPrivate, type IndexAddresses } from './addresses.ts';
import { shortened, withoutSecrets } from './refusal.ts';

/** With what an index is asked to take files: a token of it, or an identity that it trusts and gives a token for (trusted publishing). */
export type IndexCredentials =
  | { readonly by: 'token'; readonly token: string }
  /** The service of the CI that vouches for the job that runs: GitHub Actions gives both to a job with `id-token: write`. */
  | { readonly by: 'identity'; readonly url: string; readonly token: string };

/** A header, and what must not be shown. */
export interface Authorization {
  readonly header: string;
  readonly secrets: readonly string[];
}

/** Milliseconds that a token got by an identity is used; the index lets it live for 15 minutes. */
const TOKEN_AGE = 8 * 60_000;
const LARGEST_ANSWER = 256 * 1024;

const Audience = z.object({ audience: z.string().min(1).max(200) });
const Identity = z.object({ value: z.string().min(1).max(20_000) });
const Minted = z.object({ token: z.string().regex(/^[\x21-\x7e]{1,8000}$/) });
const NotMinted = z.object({
  message: z.string(),
  errors: z.array(z.object({ code: z.string(), description: z.string() })).default([]),
});

/** Says who uploads; a token got by an identity is kept for some minutes. Throws `PackageIndexError` where there is none to be had. */
export function authorizing(
  { root }: IndexAddresses,
  credentials: IndexCredentials,
  tools: DocumentTools,
): () => Promise<Authorization> {
  let minted: { readonly token: string; readonly at: number } | null = null;
  return async () => {
    if (credentials.by === 'token') return basic(credentials.token);
    if (minted === null || tools.now() - minted.at > TOKEN_AGE) {
      const at = tools.now();
      minted = { token: await mint(root, credentials, tools), at };
    }
    return basic(minted.token);
  };
}

function basic(token: string): Authorization {
  const encoded = Buffer.from(`__token__:${token}`).toString('base64');
  return { header: `Basic ${encoded}`, secrets: [token, encoded] };
}

type ByIdentity = Extract<IndexCredentials, { readonly by: 'identity' }>;

/** Audience, identity, token: the three exchanges of trusted publishing, each safe to repeat. */
async function mint(root: URL, { url, token }: ByIdentity, tools: DocumentTools): Promise<string> {
  const service = new URL(url);
  if (!isPrivate(service))
    throw new PackageIndexError('invalid', `${service.host} is not asked for an identity in the clear`);
  const asked = { method: 'GET', headers: { accept: 'application/json' }, body: null };
  const { audience } = await ask({ ...asked, url: new URL('_/oidc/audience', root) }, Audience, tools, []);
  service.searchParams.set('audience', audience);
  const headers = { ...asked.headers, authorization: `bearer ${token}` };
  const identity = await ask({ ...asked, url: service, headers }, Identity, tools, [token]);
  const request = {
    method: 'POST',
    url: new URL('_/oidc/mint-token', root),
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ token: identity.value }),
  };
  return (await ask(request, Minted, tools, [token, identity.value])).token;
}

// oxlint-disable-next-line max-params -- a request, how to read its answer, with what, and what to keep quiet about
async function ask<Answer>(
  request: HttpRequest,
  schema: z.ZodType<Answer>,
  { http, now }: DocumentTools,
  secrets: readonly string[],
): Promise<Answer> {
  const tools = { ...http, limits: { ...http.limits, bytes: LARGEST_ANSWER } };
  const { host } = request.url;
  let answer: HttpAnswer;
  try {
    answer = await withRetries(
      () => exchange(request, tools),
      (outcome) => judgeRead(outcome, now()),
      http.timers,
    );
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    throw new PackageIndexError('unreachable', `no token for uploading: ${error.message}`, { cause: error });
  }
  const json = jsonIn(answer.body);
  const read = schema.safeParse(json);
  if (answer.status === 200 && read.success) return read.data;
  const refused = NotMinted.safeParse(json);
  const texts = refused.success ? refused.data.errors.map(({ code, description }) => `${code}: ${description}`) : [];
  const why = shortened(withoutSecrets(texts.join('; '), secrets));
  const code = answer.status >= 500 ? 'unreachable' : answer.status === 429 ? 'busy' : 'not-allowed';
  throw new PackageIndexError(
    code,
    `no token for uploading: ${host} answers ${answer.status}${why === '' ? '' : ` (${why})`}`,
  );
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return json;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
