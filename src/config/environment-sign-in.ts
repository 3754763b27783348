import { z } from 'zod';
import { checked, present, secretIn, secretOf, type Reading, type Secret } from './environment-reading.ts';

/** The app of the forge as which people are signed in. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: Secret;
}

const [ID, SECRET] = ['SIGNALBOX_OAUTH_ID', 'SIGNALBOX_OAUTH_SECRET'];
const ClientId = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/);
const ClientSecret = z.string().regex(/^[\x21-\x7e]{1,500}$/);

/** Reads SIGNALBOX_OAUTH_ID and SIGNALBOX_OAUTH_SECRET, also as SIGNALBOX_OAUTH_SECRET_FILE: both, or neither. */
export async function oauthIn(reading: Reading): Promise<OAuthClient | null> {
  const idText = present(reading.variables[ID]);
  const id = checked(reading, ID, idText, {
    schema: ClientId,
    text: 'is no client id: letters, digits, dot, dash, underscore, as the page of the OAuth app shows it',
  });
  const before = reading.problems.length;
  const secretText = await secretIn(reading, SECRET);
  const secret = checked(reading, SECRET, secretText, {
    schema: ClientSecret,
    text: 'holds something that is no client secret: it must be one line of letters, digits and signs',
  });
  if (idText === null && secretText === null) return null;
  // A file that cannot be read was told already.
  if ((idText === null || secretText === null) && reading.problems.length === before) {
    const [set, missing] = idText === null ? [SECRET, ID] : [ID, SECRET];
    reading.problems.push({ variable: missing, text: `is not set, and ${set} is; signing in needs both` });
  }
  return id === null || secret === null ? null : { id, secret: secretOf(secret) };
}
