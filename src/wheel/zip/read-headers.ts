import type { ByteSource } from '../../domain/byte-source.ts';
import { refuseOr, type Result } from '../../domain/result.ts';
import type { ZipDirectory, ZipEntry } from './directory.ts';
import { LOCAL, viewOf } from './layout.ts';
import { readLocalHeader } from './local-header.ts';
import type { ZipProblem } from './problem.ts';
import { groupSpans, readSpan, type Span } from './spans.ts';

/** More extra fields than any tool for wheels writes; a header with more is read again. */
const USUAL_EXTRA = 256;

interface HeaderSpan extends Span {
  readonly entry: ZipEntry;
}

/** How long the header at the beginning of these bytes is; the least where they are too few to tell. */
function lengthOf(bytes: Uint8Array): number {
  if (bytes.length < LOCAL.length) return LOCAL.length;
  const view = viewOf(bytes);
  return LOCAL.length + view.getUint16(26, true) + view.getUint16(28, true);
}

/** The local headers of entries by name, as they are, held to the directory. Those of neighbours come with one read. */
export async function readHeaders(
  source: ByteSource,
  directory: ZipDirectory,
  entries: readonly ZipEntry[],
): Promise<Result<ReadonlyMap<string, Uint8Array>, ZipProblem>> {
  const records = viewOf(directory.bytes);
  const spans = entries.map((entry): HeaderSpan => {
    const usual = LOCAL.length + records.getUint16(entry.recordAt + 28, true) + USUAL_EXTRA;
    return { entry, start: entry.start, end: Math.min(entry.end, entry.start + usual) };
  });
  const headers = new Map<string, Uint8Array>();
  const problems: ZipProblem[] = [];
  for (const group of groupSpans(spans, directory.held.from)) {
    const bytes = await readSpan(source, directory, group);
    for (const { entry, start, end } of group.items) {
      const first = bytes.subarray(start - group.start, end - group.start);
      const length = Math.min(lengthOf(first), entry.end - start);
      const whole =
        length > first.length
          ? await readSpan(source, directory, { start, end: start + length })
          : first.subarray(0, length);
      const header = readLocalHeader(directory, entry, whole);
      if (header.ok) headers.set(entry.name, whole.slice());
      else problems.push(...header.problems);
    }
  }
  return refuseOr(problems, () => headers);
}
