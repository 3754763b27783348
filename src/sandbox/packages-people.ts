import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { normalName } from './packages-state.ts';

/** Somebody who has a token of the index. */
export interface IndexAccount {
  readonly login: string;
  readonly token: string;
  /** For the pages of the index, where people do what no interface does. */
  readonly password: string;
  /** The only projects that the token is for; null for all that the account may. */
  readonly projects: readonly string[] | null;
}

/** A repository of a forge whose jobs may upload to projects (a trusted publisher). */
export interface IndexPublisher {
  readonly repository: string;
  readonly workflow: string;
  readonly environment: string | null;
  readonly projects: readonly string[];
}

/** A job of CI: what the forge says of it. */
export interface JobClaims {
  readonly repository: string;
  readonly workflow: string;
  readonly environment: string | null;
}

/** Who uploads, and to which projects alone. */
export interface Uploader {
  readonly by: 'account' | 'publisher';
  readonly login: string;
  readonly projects: readonly string[] | null;
  /** The job that a publisher's token was given to; null for an account's. */
  readonly job: JobClaims | null;
}

/** Answers as the published API document has them. */
export type MintAnswer =
  | {
      readonly status: 200;
      readonly body: { readonly success: true; readonly token: string; readonly expires: number };
    }
  | {
      readonly status: 422;
      readonly body: {
        readonly message: string;
        readonly errors: readonly { readonly code: string; readonly description: string }[];
      };
    };

/** Who may what, and the forge's side of trusted publishing: its service that vouches for a job. */
export interface IndexPeople {
  /** Whose Authorization header it is; null for nobody's. */
  uploaderOf(header: string | undefined): Uploader | null;
  /** Who is signed in on the pages; null for nobody. */
  personOf(header: string | undefined): string | null;
  /** Begins a job; its token for asking who it is. */
  beginJob(claims: JobClaims): string;
  /** The word of the forge for the job with this token; null for none. */
  vouch(header: string | undefined, audience: string): string | null;
  mint(identity: unknown): MintAnswer;
}

/** Milliseconds. */
const TOKEN_LIFE = 15 * 60_000;
const IDENTITY_LIFE = 5 * 60_000;

export const AUDIENCE = 'sandbox-index';

const Claims = z.object({
  aud: z.string(),
  exp: z.number(),
  jti: z.string(),
  repository: z.string(),
  workflow: z.string(),
  environment: z.string().nullable(),
});

function credentialsIn(header: string | undefined): { readonly user: string; readonly secret: string } | null {
  const value = /^basic ([\w+/=-]{1,8000})$/iu.exec(header ?? '')?.[1];
  if (value === undefined) return null;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : { user: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}

const refused = (code: string, description: string): MintAnswer => ({
  status: 422,
  body: { message: 'Token request failed', errors: [{ code, description }] },
});

export function indexPeople(
  accounts: readonly IndexAccount[],
  publishers: readonly IndexPublisher[],
  now: () => number,
): IndexPeople {
  const minted = new Map<string, { readonly uploader: Uploader; readonly until: number }>();
  return {
    ...identities(publishers, now, (token, uploader, until) => void minted.set(token, { uploader, until })),
    uploaderOf(header) {
      const given = credentialsIn(header);
      if (given?.user !== '__token__') return null;
      const short = minted.get(given.secret);
      if (short !== undefined) return short.until > now() ? short.uploader : null;
      const account = accounts.find(({ token }) => token === given.secret);
      if (account === undefined) return null;
      return { by: 'account', login: account.login, projects: account.projects?.map(normalName) ?? null, job: null };
    },
    personOf(header) {
      const given = credentialsIn(header);
      return accounts.find(({ login, password }) => login === given?.user && password === given.secret)?.login ?? null;
    },
  };
}

type Identities = Pick<IndexPeople, 'beginJob' | 'vouch' | 'mint'>;

/** The forge's word for its jobs, and what the index gives for it. */
function identities(
  publishers: readonly IndexPublisher[],
  now: () => number,
  give: (token: string, uploader: Uploader, until: number) => void,
): Identities {
  const key = randomBytes(32);
  const jobs = new Map<string, JobClaims>();
  const spent = new Set<string>();
  return {
    beginJob(claims) {
      const token = `job-${randomUUID()}`;
      jobs.set(token, claims);
      return token;
    },
    vouch(header, audience) {
      const claims = jobs.get(/^bearer (.+)$/iu.exec(header ?? '')?.[1] ?? '');
      if (claims === undefined) return null;
      const exp = Math.floor((now() + IDENTITY_LIFE) / 1000);
      return signedWord({ ...claims, aud: audience, exp, jti: randomUUID() }, key);
    },
    mint(payload) {
      const identity = z.object({ token: z.string().max(20_000) }).safeParse(payload);
      if (!identity.success) return refused('invalid-payload', 'the request has no token');
      const claims = claimsIn(identity.data.token, key);
      if (claims === null || claims.exp * 1000 <= now() || claims.aud !== AUDIENCE) {
        return refused('invalid-token', 'malformed or invalid token');
      }
      if (spent.has(claims.jti)) return refused('invalid-reuse-token', 'invalid token: already used');
      const projects = projectsFor(publishers, claims);
      if (projects.length === 0) {
        return refused(
          'invalid-publisher',
          'valid token, but no corresponding publisher (all lookup strategies exhausted)',
        );
      }
      spent.add(claims.jti);
      const token = `pypi-${randomBytes(24).toString('base64url')}`;
      const until = now() + TOKEN_LIFE;
      const { repository, workflow, environment } = claims;
      give(token, { by: 'publisher', login: repository, projects, job: { repository, workflow, environment } }, until);
      return { status: 200, body: { success: true, token, expires: Math.floor(until / 1000) } };
    },
  };
}

function projectsFor(publishers: readonly IndexPublisher[], claims: JobClaims): readonly string[] {
  const found = publishers.filter(
    ({ repository, workflow, environment }) =>
      repository === claims.repository &&
      workflow === claims.workflow &&
      (environment === null || environment === claims.environment),
  );
  return found.flatMap(({ projects }) => projects.map(normalName));
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signatureOf = (text: string, key: Buffer): string => createHmac('sha256', key).update(text).digest('base64url');

/** A JSON Web Token. */
function signedWord(claims: z.infer<typeof Claims>, key: Buffer): string {
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${text}.${signatureOf(text, key)}`;
}

/** What a word says that was signed with the key; null for any other. */
function claimsIn(word: string, key: Buffer): z.infer<typeof Claims> | null {
  const [head = '', body = '', signature = '', ...rest] = word.split('.');
  const [expected, given] = [signatureOf(`${head}.${body}`, key), signature].map((text) => Buffer.from(text));
  if (expected === undefined || given === undefined || rest.length > 0 || given.length !== expected.length) return null;
  return timingSafeEqual(given, expected)
    ? Claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
    : null;
}
