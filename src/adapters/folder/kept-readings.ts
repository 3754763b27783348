import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '../../domain/canonical-json.ts';
import type { KeptReadings } from '../../ports/kept-readings.ts';

/** Readings as files of JSON in a folder that may be deleted. A file that is torn or cannot be read counts as none. */
export function keptReadings(folder: string): KeptReadings {
  const fileOf = (kind: string, of: Digest): string => {
    const hex = of.slice(of.indexOf(':') + 1);
    return join(folder, kind, hex.slice(0, 2), `${hex}.json`);
  };
  return {
    get: async (kind, of) => {
      try {
        const reading: unknown = JSON.parse(await readFile(fileOf(kind, of), 'utf8'));
        return reading;
      } catch {
        // Missing, torn or not readable: all mean that it is read again.
        return null;
      }
    },
    put: async (kind, of, reading) => {
      const file = fileOf(kind, of);
      await mkdir(dirname(file), { recursive: true });
      const partial = `${file}.${randomUUID()}`;
      await writeFile(partial, JSON.stringify(reading));
      await rename(partial, file);
    },
  };
}
