import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import type { AssetAddresses } from './frame.ts';

/** What the browser needs besides pages: few files, read once, under addresses that change with their content. */
export interface Assets {
  readonly addresses: AssetAddresses;
  readonly routes: Hono;
}

const FILES = [
  ['style', 'signalbox.css', 'text/css; charset=utf-8'],
  ['script', 'signalbox.js', 'text/javascript; charset=utf-8'],
  ['icon', 'signalbox.svg', 'image/svg+xml'],
] as const;
const YEAR = 'public, max-age=31536000, immutable';

/** Where the build puts them, in a checkout and in what is shipped: the script is made of several files, and both are made small. */
function folderOf(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = join(folder, 'dist', 'web');
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) throw new Error('the files for browsers are missing: build Signalbox again');
  }
}

/** Reads the files and gives their routes. */
export async function readAssets(): Promise<Assets> {
  const folder = folderOf();
  const routes = new Hono();
  const addresses: Record<(typeof FILES)[number][0], string> = { style: '', script: '', icon: '' };
  for (const [name, file, type] of FILES) {
    const bytes = await readFile(join(folder, file));
    const small = Uint8Array.from(gzipSync(bytes, { level: 9 }));
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    const address = `/assets/${hash}/${basename(file)}`;
    addresses[name] = address;
    const headers = { 'content-type': type, 'cache-control': YEAR, vary: 'accept-encoding' };
    routes.get(address, (context) =>
      /\bgzip\b/u.test(context.req.header('accept-encoding') ?? '')
        ? context.body(small, 200, { ...headers, 'content-encoding': 'gzip' })
        : context.body(bytes, 200, headers),
    );
  }
  return { addresses, routes };
}
