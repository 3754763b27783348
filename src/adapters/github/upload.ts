import { ByteSourceError } from '../../domain/byte-source.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { ForgeError, type ReleaseFileDraft } from '../../ports/forge.ts';
import { HttpFailure, type HttpAnswer } from '../http/exchange.ts';
import { withRetries } from '../http/retry.ts';
import { send } from '../http/send.ts';
import { networkFailure } from './client.ts';
import { cannot, refusalOf, unexpected, type Ask } from './failure.ts';
import { FileAnswer, type ReleaseAnswer } from './schema-releases.ts';
import { API_VERSION, authorization, judge, textOf, withoutSecret, type TransportOptions } from './transport.ts';

/** Sends a file to a release, and gives what GitHub then says of it. */
export type Uploader = (ask: Ask, release: ReleaseAnswer, file: ReleaseFileDraft) => Promise<FileAnswer>;

/**
 * Files go to another host than all other calls, by an address that stands in an answer. Only that of the API itself or the one beside it gets the
 * token: `api.HOST` has `uploads.HOST`, a server of one's own has both at one host.
 */
export function isUploadHost(url: URL, apiUrl: URL): boolean {
  if (url.origin === apiUrl.origin) return true;
  if (url.protocol !== 'https:' || !apiUrl.hostname.startsWith('api.')) return false;
  return url.host === apiUrl.host.replace(/^api\./, 'uploads.');
}

function addressOf(ask: Ask, release: ReleaseAnswer, apiUrl: URL): URL {
  const [text = ''] = release.upload_url.split('{', 1);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !url.pathname.endsWith(`/releases/${release.id}/assets`)) {
    throw unexpected(ask, `release ${release.id}`, 'an upload_url that is not that of its files');
  }
  if (!isUploadHost(url, apiUrl) || url.username !== '' || url.password !== '') {
    const message = `${cannot(ask)}: files would have to go to ${url.host}, which is not called. Only ${apiUrl.host} and the host of its uploads are.`;
    throw new ForgeError('unexpected-answer', message);
  }
  return url;
}

/** The file's bytes. The last of them are kept back until all are known to be the planned ones: what is wrong never arrives whole. */
async function* checked({ bytes, size, digest, name }: ReleaseFileDraft): AsyncIterable<Uint8Array> {
  const running = runningDigest();
  let kept: Uint8Array = new Uint8Array();
  for await (const piece of bytes.stream(0, size)) {
    if (kept.length > 0) yield kept;
    running.add(piece);
    kept = piece;
  }
  const found = running.digest();
  if (found !== digest) {
    throw new ByteSourceError('changed', `${bytes.name} has ${found}, not ${digest}: ${name} was not uploaded`);
  }
  yield kept;
}

function fileIn(ask: Ask, text: string): FileAnswer {
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Told below: what is no JSON is no file either.
  }
  const file = FileAnswer.safeParse(body);
  if (!file.success) throw unexpected(ask, 'the upload', 'something else than a file', file.error);
  return file.data;
}

/** Uploads over HTTP: bounded in time by each piece, not followed anywhere, repeated only where GitHub turned it away for its rate limits. */
export function uploader(options: TransportOptions & { readonly userAgent: string }): Uploader {
  const { apiUrl, credentials, tools, now, userAgent } = options;
  return async (ask, release, file) => {
    const url = addressOf(ask, release, apiUrl);
    url.search = new URLSearchParams({ name: file.name }).toString();
    const { secret } = await credentials(url);
    const headers = {
      accept: 'application/vnd.github+json',
      'content-type': 'application/octet-stream',
      'user-agent': userAgent,
      ...authorization(secret),
      'x-github-api-version': API_VERSION,
    };
    const limits = { idle: tools.limits.time, bytes: tools.limits.bytes };
    const attempt = async (): Promise<HttpAnswer> => {
      const request = { method: 'POST', url, headers, length: file.size, body: checked(file) };
      const { headers: named, ...answer } = await send(request, tools.timers, limits);
      return { ...answer, headers: new Headers(named), redirected: false, url };
    };
    const sent = withRetries(attempt, (outcome) => judge(outcome, false, now()), tools.timers);
    const answer = await sent.catch((error: unknown) => {
      throw error instanceof HttpFailure ? networkFailure(ask, error, true) : error;
    });
    const said = withoutSecret(answer, secret);
    const text = typeof said === 'string' ? said : textOf(said);
    const { status } = answer;
    if (status < 300) return fileIn(ask, text);
    throw refusalOf(ask, { status, header: (name) => answer.headers.get(name), text }, true, now());
  };
}
