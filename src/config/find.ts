import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export const TRAIN_FILE = 'train.yaml';

/** The train.yaml of a folder or of the nearest one above it; null when there is none up to the root. */
export async function findTrainFile(from: string): Promise<string | null> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, TRAIN_FILE);
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
    if (folder === dirname(folder)) return null;
  }
}
