import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
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

/** What CI does when its builds are green: makes each wheel and puts it into the channel, over what lay there. */
export async function uploadWheels(folder: string, orders: readonly WheelOrder[]): Promise<void> {
  for (const { path, recipe } of orders) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, makeWheel(recipe).bytes);
  }
}

/** Somebody takes a file out of the channel. */
export async function takeAway(folder: string, path: string): Promise<void> {
  await rm(join(folder, path));
}

/**
 * Writes the index as the old index manager did: for each folder of wheels one HTML page per project, with the hash of each file, but for those
 * that it is told to forget.
 */
export async function writeIndexPages(folder: string, forgetHashOf: readonly string[] = []): Promise<void> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.whl'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
  const pages = new Map<string, string[]>();
  for (const path of files) {
    const name = path.split('/').at(-1) ?? '';
    const project = (name.split('-')[0] ?? '').toLowerCase().replaceAll('_', '-');
    const page = join(dirname(path), project);
    const hash = forgetHashOf.includes(path)
      ? ''
      : `#sha256=${createHash('sha256')
          .update(await readFile(join(folder, path)))
          .digest('hex')}`;
    pages.set(page, [
      ...(pages.get(page) ?? []),
      `<a href="../${encodeURIComponent(name)}${hash}">${name.replaceAll('&', '&amp;')}</a><br/>`,
    ]);
  }
  for (const [page, links] of pages) {
    const html = `<!DOCTYPE html>\n<html>\n<body>\n${links.join('\n')}\n</body>\n</html>\n`;
    await mkdir(join(folder, page), { recursive: true });
    await writeFile(join(folder, page, 'index.html'), html);
  }
}
