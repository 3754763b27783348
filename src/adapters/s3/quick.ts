import { Agent as HttpAgent, request as askHttp, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as askHttps } from 'node:https';
import { signer, type SigningKeys } from './signature.ts';

/** What is told of an object. */
export interface ObjectHead {
  readonly ContentLength?: number | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
}

/** What the answer to a copy tells of what was made. */
export interface CopyAnswer {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
}

/**
 * The two requests that a promotion makes by the thousand, without the client's layers around each: a third of its time on the processor. Everything
 * else goes through the client.
 */
export interface QuickRequests {
  head(key: string, checksums: boolean): Promise<ObjectHead>;
  /** Copies; `headers` are those of the copy, without its length. */
  copy(key: string, headers: Readonly<Record<string, string>>): Promise<CopyAnswer>;
  close(): void;
}

export interface QuickOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly pathStyle: boolean;
  /** Null signs nothing. */
  readonly keys: SigningKeys | null;
  readonly parallel: number;
  /** Milliseconds without a byte. */
  readonly idle: number;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Larger answers to these requests are none of S3. */
const LARGEST = 256 * 1024;

/** An answer that is a refusal, in the shape that the client throws too. */
class QuickRefusal extends Error {
  readonly $response: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> };
  constructor(word: string, statusCode: number, { headers }: Answer) {
    super(`${statusCode} ${word}`);
    this.name = word;
    const wait = headers['retry-after'];
    this.$response = { statusCode, headers: wait === undefined ? {} : { 'retry-after': wait } };
  }
}

/** As a signature wants it: all but letters, digits and -._~ escaped. */
function escapedKey(key: string): string {
  return key
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll(/[!'()*]/g, escapedChar))
    .join('/');
}

function escapedChar(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

export function quickRequests(options: QuickOptions): QuickRequests {
  const { bucket, pathStyle, keys, region, parallel, idle } = options;
  const endpoint = new URL(options.endpoint);
  const isTls = endpoint.protocol === 'https:';
  const agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: parallel });
  const sign = keys === null ? null : signer(keys, region);
  const base = endpoint.pathname.replace(/\/$/, '') + (pathStyle ? `/${bucket}` : '');
  const hostname = pathStyle ? endpoint.hostname : `${bucket}.${endpoint.hostname}`;
  const host = pathStyle ? endpoint.host : `${bucket}.${endpoint.host}`;

  function ask(method: 'HEAD' | 'PUT', key: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const path = `${base}/${escapedKey(key)}`;
    const plain = { ...headers, host };
    const sent = sign === null ? plain : sign({ method, path, headers: plain }, Date.now());
    const port = endpoint.port === '' ? {} : { port: endpoint.port };
    return exchange(isTls ? askHttps : askHttp, {
      method,
      path,
      hostname,
      ...port,
      headers: sent,
      agent,
      timeout: idle,
    });
  }

  return {
    head: async (key, checksums) => {
      const answer = await ask('HEAD', key, checksums ? { 'x-amz-checksum-mode': 'ENABLED' } : {});
      if (answer.status !== 200)
        throw new QuickRefusal(answer.status === 404 ? 'NotFound' : 'Unknown', answer.status, answer);
      return headIn(answer.headers);
    },
    copy: async (key, headers) => {
      const answer = await ask('PUT', key, { ...headers, 'content-length': '0' });
      // A copy that fails after it began is a 200 with an error in it.
      const word = /<Error>[\s\S]*?<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(answer.text)?.[1] ?? null;
      if (answer.status !== 200 || word !== null) {
        throw new QuickRefusal(word ?? 'Unknown', answer.status === 200 ? 500 : answer.status, answer);
      }
      if (!answer.text.includes('<CopyObjectResult')) throw new QuickRefusal('NoResult', 500, answer);
      return copiedIn(answer.text);
    },
    close: () => agent.destroy(),
  };
}

function exchange(ask: typeof askHttp, options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = ask(options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > LARGEST) request.destroy(new Error('the answer of the S3 server is too large'));
      });
      response.on('error', reject);
      // An answer that breaks off ends without an `end`.
      response.on('aborted', () => reject(Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' })));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    request.on('error', reject);
    request.end();
  });
}

function copiedIn(text: string): CopyAnswer {
  const etag = /<ETag>([^<]{0,200})<\/ETag>/.exec(text)?.[1];
  const modified = Date.parse(/<LastModified>([^<]{0,40})<\/LastModified>/.exec(text)?.[1] ?? '');
  return {
    ETag: etag?.replaceAll(/&(?:quot|#34);/g, '"'),
    LastModified: Number.isNaN(modified) ? undefined : new Date(modified),
  };
}

const META = 'x-amz-meta-';

function headIn(headers: IncomingHttpHeaders): ObjectHead {
  const one = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const size = Number(one('content-length') ?? Number.NaN);
  const modified = Date.parse(one('last-modified') ?? '');
  return {
    ContentLength: Number.isSafeInteger(size) ? size : undefined,
    ETag: one('etag'),
    LastModified: Number.isNaN(modified) ? undefined : new Date(modified),
    ContentType: one('content-type'),
    CacheControl: one('cache-control'),
    ChecksumSHA256: one('x-amz-checksum-sha256'),
    Metadata: Object.fromEntries(
      Object.keys(headers).flatMap((name) => {
        const value = name.startsWith(META) ? one(name) : undefined;
        return value === undefined ? [] : [[name.slice(META.length), value]];
      }),
    ),
  };
}
