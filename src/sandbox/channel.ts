import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeWheel, type WheelRecipe } from './make-wheel.ts';

/** A wheel that a builder is to make and upload. */
export interface WheelOrder {
  /** Where it lies in the channel, the file's name last: `cu126/torch-2.8.0+cu126-cp312-cp312-win_amd64.whl`. */
  readonly path: string;
  readonly recipe: WheelRecipe;
}

/** Where a channel of a world lies on the disk; the sandbox serves it below `/channels/`. */
export function channelFolder(world: string, channel: string): string {
  return join(world, 'channels', channel);
}

/**
 * What CI does when its builds are green: makes each wheel and puts it into the channel, over what lay there, with its digest beside it as stores in
 * folders have it (docs/stores.md).
 */
export async function uploadWheels(folder: string, orders: readonly WheelOrder[]): Promise<void> {
  for (const { path, recipe } of orders) {
    const file = join(folder, path);
    const { bytes } = makeWheel(recipe);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    await recordDigest(folder, path, createHash('sha256').update(bytes).digest('hex'));
  }
}

async function recordDigest(folder: string, path: string, sha256: string): Promise<void> {
  const { size, mtimeNs } = await stat(join(folder, path), { bigint: true });
  const record = join(folder, '.signalbox-store', 'records', path, '.json');
  await mkdir(dirname(record), { recursive: true });
  const told = { sha256: `sha256:${sha256}`, contentType: 'application/zip', cacheControl: null };
  await writeFile(record, JSON.stringify({ size: String(size), changed: String(mtimeNs), ...told }));
}

/** Somebody takes a file out of the channel. */
export async function takeAway(folder: string, path: string): Promise<void> {
  await rm(join(folder, path));
}

/** An old script gets hold of a page of the index, and writes the link to a file without its hash. */
export async function forgetHash(folder: string, page: string, name: string): Promise<void> {
  const file = join(folder, page, 'index.html');
  const html = await readFile(file, 'utf8');
  const link = `${encodeURIComponent(name)}#sha256=`;
  const at = html.indexOf(link);
  if (at < 0) throw new Error(`${file} has no link to ${name} with a hash`);
  const hash = at + encodeURIComponent(name).length;
  await writeFile(file, html.slice(0, hash) + html.slice(hash).replace(/^#sha256=[0-9a-f]{64}/u, ''));
}
