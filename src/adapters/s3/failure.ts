import { z } from 'zod';
import { ArtifactStoreError, type ArtifactStoreFailure } from '../../ports/artifact-store.ts';
import { retryAfter, type Judgement } from '../http/retry.ts';

/** What the client throws: an answer of the server, or a failure to get one. */
const Thrown = z.object({
  name: z.string().catch(''),
  message: z.string().catch(''),
  code: z.string().optional().catch(undefined),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional().catch(undefined),
  $response: z
    .object({ statusCode: z.number().optional(), headers: z.record(z.string(), z.string()).catch({}) })
    .optional()
    .catch(undefined),
});

/** A failure as the rest of the adapter judges it. `status` is null where no answer came. */
export interface Refusal {
  readonly status: number | null;
  /** The server's own word (`NoSuchKey`), or the system's (`ECONNRESET`). */
  readonly code: string;
  /** Retry-After, as it came. */
  readonly wait: string | null;
}

export function refusalOf(error: unknown): Refusal | null {
  const thrown = Thrown.safeParse(error);
  if (!(error instanceof Error) || !thrown.success) return null;
  const { name, code, $metadata, $response } = thrown.data;
  const status = $response?.statusCode ?? $metadata?.httpStatusCode ?? null;
  const isOfNetwork = NETWORK.test(code ?? '') || NETWORK.test(name);
  if (status === null && !isOfNetwork) return null;
  return { status, code: status === null ? (code ?? name) : name, wait: $response?.headers['retry-after'] ?? null };
}

const NETWORK = /^(E[A-Z]{3,}|ERR_[A-Z_]+|TimeoutError|RequestTimeout|NetworkingError|AbortError|UND_ERR_[A-Z_]+)$/;

const TRANSIENT = [429, 500, 502, 503, 504];
const ASKS_AGAIN = ['RequestTimeout', 'SlowDown', 'ConditionalRequestConflict', 'OperationAborted', 'InternalError'];

/** All that is asked of a store can be asked twice: a write of the same bytes is the same write. */
export function judge(error: unknown, now: number): Judgement {
  const refusal = refusalOf(error);
  if (refusal === null) return { again: false };
  const { status, code, wait } = refusal;
  if (status === null || TRANSIENT.includes(status) || ASKS_AGAIN.includes(code)) {
    return { again: true, asked: retryAfter(wait, now) };
  }
  return { again: false };
}

const CODES: Readonly<Record<string, ArtifactStoreFailure>> = {
  NoSuchBucket: 'missing',
  NoSuchKey: 'missing',
  NoSuchUpload: 'unexpected-answer',
  NotFound: 'missing',
  PreconditionFailed: 'changed',
  QuotaExceeded: 'full',
  EntityTooLarge: 'invalid',
  KeyTooLongError: 'invalid',
  InvalidObjectName: 'invalid',
  InvalidBucketName: 'invalid',
};

function codeOf({ status, code }: Refusal): ArtifactStoreFailure {
  const known = CODES[code];
  if (known !== undefined) return known;
  if (status === null) return 'unreachable';
  if (status === 401 || status === 403) return 'not-allowed';
  if (status === 404) return 'missing';
  if (status === 412) return 'changed';
  if (status === 507) return 'full';
  if (status === 429 || status === 503 || status === 409) return 'busy';
  return status >= 500 ? 'unreachable' : 'unexpected-answer';
}

const ADVICE: Partial<Record<ArtifactStoreFailure, string>> = {
  'not-allowed': ' Check the credentials and what they may do.',
  busy: ' It asks to be left alone for a while; run again later.',
  unreachable: ' Check its address, then run again.',
  full: ' Make room, or raise the quota.',
};

/** The failure in the words of the port; what is no failure of the store is given back as it is. */
export function storeError(error: unknown, act: string): unknown {
  const refusal = refusalOf(error);
  if (refusal === null) return error;
  const code = codeOf(refusal);
  // An answer without a body has no word for it.
  const word = refusal.code.startsWith('Unknown') ? '' : ` ${refusal.code}`;
  const said = refusal.status === null ? refusal.code : `${refusal.status}${word}`;
  return new ArtifactStoreError(code, `cannot ${act}: ${said}.${ADVICE[code] ?? ''}`, { cause: error });
}
