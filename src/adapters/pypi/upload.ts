import { runningDigest } from '../../domain/sha256.ts';
import type { UploadAnswer } from '../../ports/package-files.ts';
import { PackageIndexError } from '../../ports/package-index.ts';
import type { DocumentTools } from '../http/document.ts';
import { HttpFailure } from '../http/exchange.ts';
import { retryAfter } from '../http/retry.ts';
import { send, type SendAnswer } from '../http/send.ts';
import type { Authorization } from './credentials.ts';
import type { FormField, WheelUpload } from './fields.ts';
import { formOf } from './form.ts';
import { refusalText } from './refusal.ts';
import { uploadSession } from './upload-session.ts';

/** Where and as whom it is uploaded, and how the index is looked at when its answer is not known. */
export interface UploadParts {
  readonly address: URL;
  readonly authorize: () => Promise<Authorization>;
  /** The file as the index has it now: the planned one, another one, or none. */
  readonly seen: () => Promise<'planned' | 'other' | 'none'>;
  readonly tools: DocumentTools;
}

/** Milliseconds in which not a byte is taken, or no answer comes after the last one; a large wheel is unpacked and looked through before the answer. */
const IDLE = 300_000;
const LARGEST_ANSWER = 64 * 1024;
/** How often one file is sent in one call, where the index says that it took nothing. */
const MOST_SENT = 3;
/** Longest wait that the index may ask for. */
const LONGEST_WAIT = 60_000;
/** Waits before the looks that follow an answer that was lost. */
const LOOKS = [0, 1000, 2000, 4000];

/** The bytes that lie there are not the planned ones; nothing of them was published. */
class WrongBytes extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'WrongBytes';
  }
}

type Sent =
  | { readonly came: 'accepted' }
  | { readonly came: 'refused'; readonly reason: string }
  /** Nothing was taken, and so many milliseconds are to be waited. */
  | { readonly came: 'not-now'; readonly wait: number; readonly reason: string }
  /** Nobody knows. */
  | { readonly came: 'unknown'; readonly error: PackageIndexError };

/**
 * Uploads a wheel by the legacy API: one request, the bytes read as they are sent. It is sent again only when the index said that it did nothing (429), after
 * a look. Where the answer was lost, or speaks of a failure inside the index, the index is looked at: what it has settles it, and otherwise this throws.
 */
export async function uploadWheel(
  upload: WheelUpload,
  fields: readonly FormField[],
  parts: UploadParts,
): Promise<UploadAnswer> {
  const { timers } = parts.tools.http;
  for (let count = 1; ; count += 1) {
    const session = uploadSession();
    const authorization = await parts.authorize();
    session.tell('sent');
    const sent = await sendOnce(upload, fields, { ...parts, authorization });
    if (sent.came === 'unknown') {
      const seen = await settle(parts, upload, sent.error);
      session.tell(seen.accepted ? 'accepted' : 'refused');
      return seen;
    }
    session.tell(sent.came === 'accepted' ? 'accepted' : 'refused');
    if (sent.came === 'accepted') return { accepted: true };
    if (sent.came === 'refused') return { accepted: false, reason: sent.reason };
    if (count >= MOST_SENT || sent.wait > LONGEST_WAIT) throw new PackageIndexError('busy', sent.reason);
    await timers.sleep(sent.wait);
    const seen = await parts.seen();
    if (seen === 'planned') return { accepted: true };
    if (seen === 'other') return taken(upload);
  }
}

/** Looks until the index shows what came of it; throws when it does not. */
async function settle(
  { seen, tools }: UploadParts,
  upload: WheelUpload,
  lost: PackageIndexError,
): Promise<UploadAnswer> {
  for (const wait of LOOKS) {
    if (wait > 0) await tools.http.timers.sleep(wait);
    const found = await seen();
    if (found === 'planned') return { accepted: true };
    if (found === 'other') return taken(upload);
  }
  throw new PackageIndexError(
    lost.code,
    `${lost.message}. The index does not list ${upload.name}: it may have it all the same. Apply again in a minute; what it has by then is adopted`,
    { cause: lost },
  );
}

function taken({ name }: WheelUpload): UploadAnswer {
  return { accepted: false, reason: `the index has another file under the name ${name}` };
}

type SendParts = UploadParts & { readonly authorization: Authorization };

async function sendOnce(upload: WheelUpload, fields: readonly FormField[], parts: SendParts): Promise<Sent> {
  const { address, authorization, tools } = parts;
  const form = formOf(fields, upload);
  const headers = { authorization: authorization.header, 'content-type': form.contentType, accept: '*/*' };
  try {
    const answer = await send(
      { method: 'POST', url: address, headers, length: form.length, body: bodyOf(upload, form) },
      tools.http.timers,
      { idle: IDLE, bytes: LARGEST_ANSWER },
    );
    return judged(answer, parts);
  } catch (error) {
    if (error instanceof WrongBytes) return { came: 'refused', reason: error.message };
    if (!(error instanceof HttpFailure)) throw error;
    const what = `it is not known what came of uploading ${upload.name}: ${error.message}`;
    const code = error.code === 'too-large' ? 'unexpected-answer' : 'unreachable';
    return { came: 'unknown', error: new PackageIndexError(code, what, { cause: error }) };
  }
}

function judged(answer: SendAnswer, { address, authorization, tools }: SendParts): Sent {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return { came: 'accepted' };
  if (status >= 300 && status < 400) {
    const to = `${address.origin}${address.pathname} leads elsewhere, and a token is for one place only`;
    return { came: 'refused', reason: `${to}. Put the address it leads to into the train file as \`upload\`` };
  }
  const reason = refusalText(answer, authorization.secrets);
  if (status === 429) {
    return { came: 'not-now', wait: retryAfter(headers['retry-after'] ?? null, tools.now()) ?? 10_000, reason };
  }
  if (status === 408 || status >= 500) {
    const code = status === 503 ? 'busy' : 'unreachable';
    return { came: 'unknown', error: new PackageIndexError(code, `it is not known what came of it: ${reason}`) };
  }
  return { came: 'refused', reason };
}

/** The form, the file's bytes in its middle. Other bytes than the planned ones never end: the index then never has the whole. */
async function* bodyOf(upload: WheelUpload, form: { readonly head: Uint8Array; readonly tail: Uint8Array }) {
  yield form.head;
  const digest = runningDigest();
  for await (const piece of upload.source.stream(0, upload.size)) {
    digest.add(piece);
    yield piece;
  }
  const found = digest.digest();
  if (found !== upload.digest) {
    throw new WrongBytes(
      `${upload.source.name} has ${found}, not ${upload.digest}: it was changed since this was planned`,
    );
  }
  yield form.tail;
}
