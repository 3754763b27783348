import { z } from 'zod';
import { nameInVariable } from '../domain/variable-word.ts';
import { checked, present, secretIn, secretOf, type Reading, type Secret } from './environment-reading.ts';

/** The service of a CI that vouches for the job that runs, asked with a token that only the job has. */
export interface JobIdentity {
  readonly url: string;
  readonly token: Secret;
}

const TOKEN = /^SIGNALBOX_INDEX_([A-Z0-9_]{1,40})_TOKEN(?:_FILE)?$/;
const UPLOAD = /^SIGNALBOX_INDEX_([A-Z0-9_]{1,40})_UPLOAD$/;
const [IDENTITY_URL, IDENTITY_TOKEN] = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
const Token = z.string().regex(/^[\x21-\x7e]{1,8000}$/);
const Address = z.url({ protocol: /^https?$/ }).max(1000);

/** Reads SIGNALBOX_INDEX_<CHANNEL>_TOKEN, also as _TOKEN_FILE: with what files are uploaded to the package index of a channel. */
export async function indexTokensIn(reading: Reading): Promise<ReadonlyMap<string, Secret>> {
  const names = Object.keys(reading.variables).flatMap((variable) => TOKEN.exec(variable)?.[1] ?? []);
  const tokens = new Map<string, Secret>();
  for (const name of new Set(names)) {
    const variable = `SIGNALBOX_INDEX_${name}_TOKEN`;
    const token = checked(reading, variable, await secretIn(reading, variable), {
      schema: Token,
      text: 'holds something that is no token: it must be one line of letters, digits and signs',
    });
    if (token !== null) tokens.set(nameInVariable(name), secretOf(token));
  }
  return tokens;
}

/** Reads SIGNALBOX_INDEX_<CHANNEL>_UPLOAD: where files of a channel are uploaded to, when the train file does not say it. */
export function indexUploadsIn(reading: Reading): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const [variable, value] of Object.entries(reading.variables)) {
    const channel = UPLOAD.exec(variable)?.[1];
    if (channel === undefined) continue;
    const address = checked(reading, variable, present(value), {
      schema: Address,
      text: 'is no address to upload to: write https://…',
    });
    if (address !== null) addresses.set(nameInVariable(channel), address);
  }
  return addresses;
}

/** Reads what GitHub Actions gives a job with `id-token: write`: ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN; null outside of such a job. */
export function jobIdentityIn(reading: Reading): JobIdentity | null {
  const url = checked(reading, IDENTITY_URL, present(reading.variables[IDENTITY_URL]), {
    schema: Address,
    text: 'is no address: it is set by the CI, and nothing else sets it',
  });
  const token = checked(reading, IDENTITY_TOKEN, present(reading.variables[IDENTITY_TOKEN]), {
    schema: Token,
    text: 'holds something that is no token: it is set by the CI, and nothing else sets it',
  });
  return url === null || token === null ? null : { url, token: secretOf(token) };
}
