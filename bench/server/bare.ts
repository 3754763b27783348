/** What any server at least does with a webhook: reads it, checks its signature, parses it, answers. Stores nothing. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { z } from 'zod';

const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(process.argv[2] ?? ''));

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces);
    const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    const given = Buffer.from(String(request.headers['x-hub-signature-256']));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      response.writeHead(401).end();
      return;
    }
    JSON.parse(body.toString());
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"taken":true}');
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  writeSync(3, `${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
