/** Probot's own server as it comes, with a handler that does nothing; it is no dependency of ours, but lies where the folder says. */
import { generateKeyPairSync } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

const { folder, secret } = z
  .object({ folder: z.string(), secret: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''));

/** What is used of it. */
interface Probot {
  readonly Probot: { defaults(options: object): unknown };
  readonly Server: new (options: object) => {
    load(app: (probot: { on(event: string, handle: () => void): void }) => void): Promise<void>;
    start(): Promise<unknown>;
  };
}

function isProbot(loaded: unknown): loaded is Probot {
  return typeof loaded === 'object' && loaded !== null && 'Probot' in loaded && 'Server' in loaded;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const place = createRequire(join(folder, 'package.json')).resolve('probot');
const loaded: unknown = await import(place);
if (!isProbot(loaded)) throw new Error(`${place} is not Probot as we know it`);
const { Probot, Server } = loaded;
const port = await freePort();
const server = new Server({ Probot: Probot.defaults({ appId: 1, privateKey, secret }), port, host: '127.0.0.1' });
await server.load((app) => app.on('issue_comment.created', () => undefined));
await server.start();
writeSync(3, `${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
process.on('SIGTERM', () => process.exit(0));
