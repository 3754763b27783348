/** Signed webhooks of 12 kB, each of another comment. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Ask } from './load.ts';

export const SECRET = 'a secret of the forge and of the benchmark';

const FIRST = 1_000_000_000;
const Examples = z.array(
  z.object({
    name: z.string(),
    examples: z.array(z.looseObject({ action: z.string().optional(), comment: z.looseObject({}).optional() })),
  }),
);

/** GitHub's own example of a written comment: 12,672 bytes. */
function template(): { readonly body: Buffer; readonly at: number } {
  const folder = dirname(createRequire(import.meta.url).resolve('@octokit/webhooks-examples/package.json'));
  const text = readFileSync(join(folder, 'api.github.com', 'index.json'), 'utf8');
  const found = Examples.parse(JSON.parse(text)).find(({ name }) => name === 'issue_comment');
  const example = found?.examples.find(({ action }) => action === 'created');
  if (example?.comment === undefined) throw new Error('the examples hold no written comment');
  const body = Buffer.from(JSON.stringify({ ...example, comment: { ...example.comment, id: FIRST } }));
  const at = body.indexOf(`"id":${FIRST}`);
  if (at < 0) throw new Error('the comment of the example has no id');
  return { body, at: at + '"id":'.length };
}

let makers = 0;

/** Makes requests that deliver one comment each, of another number every time, in every run of it; their ids are of this maker alone, since a server knows those that came before. */
export function deliveries(path: string): (id?: string) => readonly [head: string, body: Buffer] {
  const { body: first, at } = template();
  let number = 0;
  const maker = (makers += 1);
  return (id) => {
    const body = Buffer.from(first);
    number += 1;
    body.write(String(FIRST + number), at, 'latin1');
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'User-Agent: GitHub-Hookshot/1',
      'X-GitHub-Event: issue_comment',
      `X-GitHub-Delivery: ${id ?? `bench-${maker}-${number.toString(36).padStart(8, '0')}-${process.pid}`}`,
      `X-Hub-Signature-256: sha256=${signature}`,
    ];
    return [`${head.join('\r\n')}\r\n\r\n`, body];
  };
}

/** Delivers; anything but a 2xx is a failure of the benchmark. */
export function delivering(make: ReturnType<typeof deliveries>): Ask {
  return async (connection) => {
    const { status, body } = await connection.ask(...make());
    if (status < 200 || status > 299) throw new Error(`a webhook was answered with ${status}: ${body.toString()}`);
  };
}
