import type { ByteSource } from '../../domain/byte-source.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { parseHeaders, valuesOf } from '../headers.ts';
import { explain, readDirectory, readEntries, type ZipProblem } from '../zip/index.ts';

/** What goes beside a wheel, and what an index tells of it. */
export interface MetadataFileContent {
  /** METADATA as it stands in the wheel. */
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly requiresPython: string | null;
}

/** Why a wheel gives no metadata file. */
export type MetadataFileProblem = ZipProblem | { readonly code: 'no-metadata'; readonly file: string };

export function explainMetadataFile(problem: MetadataFileProblem): string {
  return problem.code === 'no-metadata'
    ? `${problem.file} has no METADATA in a .dist-info folder, so it is no wheel. Build it again, or take it away.`
    : explain(problem);
}

const METADATA = /^[^/]+\.dist-info\/METADATA$/;

/** Takes METADATA out of a wheel by its ranges: two or three requests, however large the wheel. */
export async function readMetadataFile(source: ByteSource): Promise<Result<MetadataFileContent, MetadataFileProblem>> {
  const directory = await readDirectory(source);
  if (!directory.ok) return directory;
  const name = directory.value.names.find((each) => METADATA.test(each));
  const entry = name === undefined ? null : directory.value.find(name);
  if (entry === null) return refuse({ code: 'no-metadata', file: source.name });
  const read = await readEntries(source, directory.value, [entry]);
  if (!read.ok) return read;
  const bytes = read.value.get(entry.name) ?? new Uint8Array();
  const digest = runningDigest();
  digest.add(bytes);
  return succeed({ bytes, digest: digest.digest(), requiresPython: requiresPythonIn(bytes) });
}

/** The header `Requires-Python` on one line, whatever it says; null where there is none. */
function requiresPythonIn(metadata: Uint8Array): string | null {
  const { fields } = parseHeaders(new TextDecoder().decode(metadata));
  const text = valuesOf(fields, 'Requires-Python')[0]?.value.replaceAll(/\s+/g, ' ').trim() ?? '';
  return text === '' ? null : text;
}
