import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';

const Package = z.object({ name: z.string(), version: z.string() });

/** The version that package.json says, found upwards: the code lies in dist/ or in src/. */
export function packageVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const text = readPackage(join(folder, 'package.json'));
    const found = text === null ? undefined : Package.safeParse(JSON.parse(text));
    if (found?.success === true && found.data.name === 'signalbox') return found.data.version;
    if (folder === dirname(folder)) return 'unknown';
  }
}

function readPackage(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export function run(): Promise<Answer> {
  const data = {
    version: packageVersion(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
  return Promise.resolve({
    schema: 'version',
    asOf: null,
    stale: false,
    exit: 0,
    data,
    records: Object.entries(data),
    lines: () => [line(`signalbox ${data.version} on Node ${data.node}, ${data.platform}`)],
  });
}
