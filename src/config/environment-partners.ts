import { z } from 'zod';
import { nameInVariable } from '../domain/variable-word.ts';
import { checked, secretIn, secretOf, type Reading, type Secret } from './environment-reading.ts';

const SECRET = /^SIGNALBOX_HOOK_([A-Z0-9_]{1,40})_SECRET(?:_FILE)?$/;
/** 24 to 64 bytes as Standard Webhooks has them, one or two: while a secret is changed both sign. */
const WORD = 'whsec_(?:[A-Za-z0-9+/]{4}){8,22}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?';
const Secrets = z.string().regex(new RegExp(`^${WORD}(?:\\s+${WORD})?$`, 'u'));

/** Reads SIGNALBOX_HOOK_<NAME>_SECRET, also as _SECRET_FILE: what the messages to a partner are signed with, the newest first. */
export async function partnerSecretsIn(reading: Reading): Promise<ReadonlyMap<string, readonly Secret[]>> {
  const names = Object.keys(reading.variables).flatMap((variable) => SECRET.exec(variable)?.[1] ?? []);
  const secrets = new Map<string, readonly Secret[]>();
  for (const name of new Set(names)) {
    const variable = `SIGNALBOX_HOOK_${name}_SECRET`;
    const text = checked(reading, variable, await secretIn(reading, variable), {
      schema: Secrets,
      text: 'holds no secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64, or two of them with a space between',
    });
    if (text !== null)
      secrets.set(
        nameInVariable(name),
        text.split(/\s+/u).map((word) => secretOf(word)),
      );
  }
  return secrets;
}
