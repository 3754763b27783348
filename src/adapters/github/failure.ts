import { z } from 'zod';
import { instantOf } from '../../domain/instant.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { ForgeError } from '../../ports/forge.ts';
import { askedToWait, type Refused } from './rate-limit.ts';

/** What is asked of GitHub, for people: an act that follows "cannot", and the repository it is about. */
export interface Ask {
  readonly act: string;
  readonly repo: RepoSlug | null;
}

/** One entry of the `errors` of a 422. */
const Detail = z.object({
  field: z.string().optional(),
  code: z.string().optional(),
  value: z.unknown().optional(),
  message: z.string().optional(),
});
type Detail = z.infer<typeof Detail>;

// GitHub also sends plain strings here; an entry of neither kind says nothing, and hides none of the others.
const AnyDetail = z.union([Detail, z.string().transform((message): Detail => ({ message }))]).catch({});

const ErrorBody = z.object({ message: z.string().catch(''), errors: z.array(AnyDetail).catch([]) });

/** GitHub's refusal of what was sent, with the codes that it gave for the fields. */
export class GitHubRefusal extends ForgeError {
  readonly details: readonly Detail[];
  constructor(message: string, status: number, details: readonly Detail[]) {
    super('invalid', message, { status });
    this.details = details;
  }
}

const MAX_QUOTE = 300;

/** A foreign text made fit for a terminal: no control or direction marks, one line, bounded. */
function quoted(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return plain.length > MAX_QUOTE ? `${plain.slice(0, MAX_QUOTE)}…` : plain;
}

/** "cannot read the milestones of acme/core". */
export function cannot({ act, repo }: Ask): string {
  return `GitHub: cannot ${quoted(act)}${repo === null ? '' : ` of ${repo}`}`;
}

interface Told {
  readonly code: ForgeError['code'];
  readonly why: string;
  readonly next: string;
}

const MOVED = [301, 302, 307, 308];

function tell(status: number, said: string, repo: RepoSlug | null, isWrite: boolean): Told {
  const place = repo ?? 'this account';
  if (status === 401) {
    return {
      code: 'not-signed-in',
      why: 'it does not accept the token, or none was given',
      next: 'Give a valid token.',
    };
  }
  if (status === 403 || status === 451) {
    return {
      code: 'not-allowed',
      why: `not allowed${said}`,
      next: `Let somebody who may do it in ${place} give the token that permission.`,
    };
  }
  if (status === 404 || status === 410) {
    const why = status === 410 ? `gone${said}` : 'not there, or hidden from this token';
    return { code: 'not-found', why, next: `Check the name in the train file and what the token may see in ${place}.` };
  }
  if (MOVED.includes(status)) {
    return { code: 'not-found', why: 'the repository has moved', next: 'Write its present name into the train file.' };
  }
  if (status >= 500) {
    const again = isWrite
      ? 'Whether it was done is not known: run the command again, it looks first.'
      : 'Try again in a few minutes.';
    return { code: 'unavailable', why: `it has trouble of its own${said}`, next: again };
  }
  if (status >= 400)
    return { code: 'invalid', why: `it refuses what was sent${said}`, next: 'Change that and try again.' };
  return {
    code: 'unexpected-answer',
    why: 'an answer that does not belong here',
    next: 'Check that the address is that of a GitHub API.',
  };
}

function parsedBody(text: string): z.infer<typeof ErrorBody> {
  try {
    return ErrorBody.parse(JSON.parse(text));
  } catch {
    // An HTML page of a proxy, or nothing at all: the status says enough.
    return { message: '', errors: [] };
  }
}

function wordsOf({ message, errors }: z.infer<typeof ErrorBody>): string {
  const details = errors.map(
    (each) => each.message ?? [each.field, each.code].filter((part) => part !== undefined).join(' '),
  );
  const words = quoted([message, ...details].filter((part) => part !== '').join('; '));
  return words === '' ? '' : `, it says "${words}"`;
}

/** The error for an answer with a status that is no success. */
export function refusalOf(ask: Ask, answer: Refused, isWrite: boolean, now: number): ForgeError {
  const { status } = answer;
  const wait = askedToWait(answer, now);
  if (wait !== null) {
    const until = instantOf(now + Math.min(wait, 31 * 24 * 3_600_000));
    const message = `${cannot(ask)}: the rate limit is used up until ${until} (${status}). Wait until then, or use a token with a limit of its own.`;
    return new ForgeError('rate-limited', message, { status });
  }
  const body = parsedBody(answer.text);
  const { code, why, next } = tell(status, wordsOf(body), ask.repo, isWrite);
  const message = `${cannot(ask)}: ${why} (${status}). ${next}`;
  return code === 'invalid'
    ? new GitHubRefusal(message, status, body.errors)
    : new ForgeError(code, message, { status });
}

/** The error for an answer that is not what GitHub documents: names the route and the first fields that are wrong. */
export function unexpected(ask: Ask, route: string, what: string, cause?: unknown): ForgeError {
  const message = `${cannot(ask)}: ${route} answered with ${what}. Nothing was concluded from it. Check that the address is that of a GitHub API.`;
  return new ForgeError('unexpected-answer', message, { cause });
}
