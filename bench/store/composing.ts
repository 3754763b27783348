/** Re-versioning a wheel of 800 MB inside the server: how many requests, how many bytes, and whether it is the file that is made here. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFile } from '../../src/adapters/folder/file-source.ts';
import { writeSplice } from '../../src/adapters/folder/write-splice.ts';
import { Digest } from '../../src/domain/canonical-json.ts';
import { StoreKey } from '../../src/domain/store-key.ts';
import { reversionOf } from '../../src/wheel/reversion/index.ts';
import { LARGE, wheelOf } from '../wheel/generate.ts';
import { storeIn, type Ground } from './copying.ts';

const ORDER = { local: null, siblings: [], dropClassifiers: [], dropSignatures: false };
const served = { contentType: 'application/octet-stream', cacheControl: null };

export interface ComposedWheel {
  /** In bytes, of the wheel. */
  readonly size: number;
  readonly requests: number;
  /** Of bodies, both ways. */
  readonly moved: number;
  readonly made: 'in-store' | 'through-here';
  readonly millis: number;
  /** Whether the object in the store has the bytes of the file that is made of the same wheel here. */
  readonly isTheSame: boolean;
}

async function digestOf(pieces: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return Digest.parse(`sha256:${hash.digest('hex')}`);
}

/** The digest of what is made of the wheel on this machine. */
async function madeHere(path: string, folder: string): Promise<string> {
  const out = join(folder, 'made-here');
  await mkdir(out);
  const source = await openFile(path);
  const planned = await reversionOf(source, basename(path), ORDER);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  const { output } = await writeSplice({ source, splice: planned.value.splice, target: join(out, 'made.whl') });
  await source.close();
  return output;
}

/** Puts the wheel there, and makes the other of it through the proxy that counts: from the first read to the object that was looked at. */
export async function composeWheel(ground: Ground, folder: string): Promise<ComposedWheel> {
  const path = await wheelOf(LARGE);
  const { size } = await stat(path);
  const [from, to] = [StoreKey.parse(`wheels/${basename(path)}`), StoreKey.parse('wheels/made.whl')];
  const filled = storeIn(ground, ground.from);
  const sha256 = await digestOf(createReadStream(path));
  await filled.put(from, { size, stream: createReadStream(path) }, { sha256, served, onlyIf: null });
  const store = storeIn(ground, ground.from, ground.proxy.url);
  ground.proxy.begin();
  const started = performance.now();
  const source = store.source(from);
  const planned = await reversionOf(source, basename(path), ORDER);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  const { made } = await store.compose(source, to, {
    splice: planned.value.splice,
    sha256: null,
    served,
    onlyIf: null,
  });
  const millis = performance.now() - started;
  const { passed } = ground.proxy;
  const [requests, moved] = [passed.length, passed.reduce((sum, { sent, received }) => sum + sent + received, 0)];
  const inStore = await digestOf(filled.source(to).stream(0, planned.value.splice.size));
  store.close();
  filled.close();
  return { size, requests, moved, made, millis, isTheSame: inStore === (await madeHere(path, folder)) };
}
