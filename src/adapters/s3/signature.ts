import { createHmac, createSecretKey as secret, hash, type KeyObject } from 'node:crypto';

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request without a body, as it is signed. */
export interface ToSign {
  readonly method: string;
  /** Escaped as it goes over the wire. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** SHA-256 of nothing. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SERVICE = 's3';

function hmac(key: string | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** `20250616T120000Z`. */
function basicTime(now: number): string {
  return new Date(now).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
}

/** Signs requests in Amazon's way (Signature Version 4); the key of a day is made once, as what OpenSSL takes at once. */
export function signer(keys: SigningKeys, region: string): (request: ToSign, now: number) => Record<string, string> {
  let day = '';
  let key = secret(Buffer.alloc(32));
  return ({ method, path, headers }, now) => {
    const time = basicTime(now);
    const date = time.slice(0, 8);
    if (date !== day) {
      const dated = secret(hmac(secret(hmac(`AWS4${keys.secretAccessKey}`, date)), region));
      [day, key] = [date, secret(hmac(secret(hmac(dated, SERVICE)), 'aws4_request'))];
    }
    const all: Readonly<Record<string, string>> = { ...headers, 'x-amz-content-sha256': EMPTY, 'x-amz-date': time };
    const names = Object.keys(all).toSorted();
    const signed = names.join(';');
    const lines = names.map((name) => `${name}:${(all[name] ?? '').trim().replaceAll(/ +/g, ' ')}\n`).join('');
    const request = [method, path, '', lines, signed, EMPTY].join('\n');
    const scope = `${date}/${region}/${SERVICE}/aws4_request`;
    const digest = hash('sha256', request, 'hex');
    const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, digest].join('\n')).toString('hex');
    const credential = `Credential=${keys.accessKeyId}/${scope}`;
    return { ...all, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signed}, Signature=${signature}` };
  };
}
