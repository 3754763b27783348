/**
 * A server of one file by ranges, at any path, as a process of its own; `/counted` tells how many requests and bytes there were, and forgets them.
 * `/simple/` has a page for pip; that of `/simple-lazy/` leads to the file under `/lazy/`, where it is to be had in parts alone.
 */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

const [path = ''] = process.argv.slice(2);
const { size } = statSync(path);
let [requests, bytes] = [0, 0];

const server = createServer((request, response) => {
  if (request.url === '/counted') {
    response.end(JSON.stringify({ requests, bytes }));
    [requests, bytes] = [0, 0];
    return;
  }
  if (request.url?.startsWith('/simple') === true) {
    const name = basename(path);
    const folder = request.url.startsWith('/simple-lazy/') ? 'lazy' : 'whl';
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(
      `<!DOCTYPE html><html><body><a href="/${folder}/${encodeURIComponent(name)}">${name}</a></body></html>`,
    );
    requests += 1;
    return;
  }
  if (request.url?.startsWith('/lazy/') === true && request.method === 'GET' && request.headers.range === undefined) {
    response.writeHead(404).end();
    return;
  }
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const isPart = from !== '' || to !== '';
  const start = from === '' ? (isPart ? Math.max(0, size - Number(to)) : 0) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  const sent = request.method === 'HEAD' ? 0 : end - start + 1;
  requests += 1;
  bytes += sent;
  response.writeHead(isPart ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    etag: '"bench"',
    ...(isPart ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  });
  if (sent === 0) response.end();
  else createReadStream(path, { start, end }).pipe(response);
});
// Longer than any pause of the bench: a connection that was just closed would fail the next request.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? (address?.port ?? 0) : 0}\n`);
});
