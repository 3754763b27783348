import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { signatureOf } from './sign.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const [id, body] = ['sb_small_1', '{"type":"ping","data":{"train":"größer"}}'];

const NOW = 1_750_773_600;

/** The check of the guide for partners, run by Python whose clock stands still. */
async function isOurs(code: string, changes: { readonly body?: string; readonly age?: number }): Promise<string> {
  const timestamp = NOW - (changes.age ?? 0);
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} ${signatureOf({ id, timestamp, body }, SECRET)}`,
  };
  const call = [
    'import json, sys',
    `time.time = lambda: ${NOW}`,
    'headers, body, secret = json.loads(sys.argv[1])',
    'print(is_ours(headers, body.encode(), secret))',
  ].join('\n');
  const given = JSON.stringify([headers, changes.body ?? body, SECRET]);
  const { stdout } = await promisify(execFile)('python3', ['-c', `${code}\n${call}`, given]);
  return stdout.trim();
}

it('is right in what it tells partners to do: the code of docs/webhooks.md takes our messages and no others', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8');
  const code = /```python\n([\s\S]*?)```/u.exec(guide)?.[1] ?? '';
  expect([
    await isOurs(code, {}),
    await isOurs(code, { body: body.replace('ping', 'pong') }),
    await isOurs(code, { age: 3600 }),
  ]).toEqual(['True', 'False', 'False']);
});
