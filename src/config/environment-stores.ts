import { z } from 'zod';
import { nameInVariable } from '../domain/variable-word.ts';
import { checked, present, secretIn, secretOf, type Reading, type Secret } from './environment-reading.ts';

/** What an S3 server is asked with. */
export interface StoreKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
}

const PREFIX = 'SIGNALBOX_S3_';
const [ID, SECRET] = ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'];
const NAMED = new RegExp(`^${PREFIX}(?:([A-Z0-9_]{1,40})_)?(?:${ID}|${SECRET})(?:_FILE)?$`);
const ADDRESS = /^SIGNALBOX_STORE_([A-Z0-9_]{1,40})$/;
const Key = z.string().regex(/^[\x21-\x7e]{1,500}$/);
const Address = z.string().regex(/^[^\s\p{Cc}]{1,1000}$/u);

/**
 * Reads SIGNALBOX_S3_ACCESS_KEY_ID and SIGNALBOX_S3_SECRET_ACCESS_KEY, and for servers that the train file names (`credentials: mirror`)
 * SIGNALBOX_S3_MIRROR_ACCESS_KEY_ID and so on; each also as NAME_FILE.
 */
export async function storeKeysIn(reading: Reading): Promise<ReadonlyMap<string, StoreKeys>> {
  const names = Object.keys(reading.variables).flatMap((variable) => {
    const match = NAMED.exec(variable);
    return match === null ? [] : [match[1] ?? ''];
  });
  const keys = new Map<string, StoreKeys>();
  for (const name of new Set(names)) {
    const pair = await pairIn(reading, name === '' ? PREFIX : `${PREFIX}${name}_`);
    if (pair !== null) keys.set(nameInVariable(name), pair);
  }
  return keys;
}

/** Both of a pair, or nothing of it. */
async function pairIn(reading: Reading, prefix: string): Promise<StoreKeys | null> {
  const text = 'holds something that is no key: it must be one line of letters, digits and signs';
  const [idName, secretName] = [`${prefix}${ID}`, `${prefix}${SECRET}`];
  const [idText, secretText] = [await secretIn(reading, idName), await secretIn(reading, secretName)];
  const accessKeyId = checked(reading, idName, idText, { schema: Key, text });
  const secret = checked(reading, secretName, secretText, { schema: Key, text });
  if (idText === null && secretText === null) return null;
  if (idText === null || secretText === null) {
    const [set, missing] = idText === null ? [secretName, idName] : [idName, secretName];
    reading.problems.push({ variable: missing, text: `is not set, and ${set} is; a server needs both` });
    return null;
  }
  return accessKeyId === null || secret === null ? null : { accessKeyId, secretAccessKey: secretOf(secret) };
}

/** Reads SIGNALBOX_STORE_<CHANNEL>: where a channel's objects lie that the train file does not say. */
export function storeAddressesIn(reading: Reading): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const [variable, value] of Object.entries(reading.variables)) {
    const channel = ADDRESS.exec(variable)?.[1];
    if (channel === undefined) continue;
    const address = checked(reading, variable, present(value), {
      schema: Address,
      text: 'is no address of a store: write s3://bucket/prefix, https://…, or a folder',
    });
    if (address !== null) addresses.set(nameInVariable(channel), address);
  }
  return addresses;
}
