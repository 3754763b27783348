import { join } from 'node:path';
import type { Instant } from '../domain/instant.ts';
import { known, type Observed, unknown } from '../domain/observation.ts';
import { type PythonReleases, readPythonReleases } from '../domain/python-releases.ts';
import { diskReader, type FileReader, SIZE_LIMIT } from './file-text.ts';
import { shippedPresets } from './sources.ts';

/** What the file is called, beside the train file and among the shipped presets. */
export const PYTHON_RELEASES_FILE = 'python-releases.json';

/**
 * The releases of CPython: from the file beside the train file, else from the one that is shipped. A file that is there and cannot be read is never
 * passed over for the shipped one.
 */
export async function pythonReleasesFor(
  dir: string,
  now: Instant,
  options: { readonly reader?: FileReader; readonly presets?: string } = {},
): Promise<Observed<PythonReleases>> {
  const reader = options.reader ?? diskReader;
  const shipped = join(options.presets ?? shippedPresets(), PYTHON_RELEASES_FILE);
  for (const path of [join(dir, PYTHON_RELEASES_FILE), shipped]) {
    // Pages show it: where the train lies on the server's disk is nobody's business.
    const name =
      path === shipped ? `the shipped ${PYTHON_RELEASES_FILE}` : `${PYTHON_RELEASES_FILE} beside the train file`;
    let bytes: Uint8Array | null;
    try {
      bytes = await reader.read(path, SIZE_LIMIT);
    } catch (error) {
      return unknown(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`, now, name);
    }
    if (bytes === null) continue;
    if (bytes.length > SIZE_LIMIT) return unknown(`${name} is larger than ${SIZE_LIMIT / 1024} KiB`, now, name);
    const read = readPythonReleases(new TextDecoder().decode(bytes));
    return read.ok ? known(read.releases, now, name) : unknown(`${name} ${read.reason}`, now, name);
  }
  return unknown(
    `there is no ${PYTHON_RELEASES_FILE}, neither beside the train file nor shipped`,
    now,
    PYTHON_RELEASES_FILE,
  );
}
