import type { ByteSource } from '../../domain/byte-source.ts';
import type { ZipDirectory } from './directory.ts';

/** Bytes between two spans that are read for nothing rather than asked for apart. */
const NEIGHBOURS = 128 * 1024;
/** Unless one span is longer, no more is read at once. */
const LONGEST = 16 * 1024 * 1024;

/** A part of a file, from its first byte to the one after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Spans that are read together. */
export interface SpanGroup<Item extends Span> extends Span {
  readonly items: readonly Item[];
}

/** Spans in the order of the file, those near each other together; what is held already stays apart from what is not. */
export function groupSpans<Item extends Span>(items: readonly Item[], held: number): readonly SpanGroup<Item>[] {
  const sorted = items.toSorted((one, other) => one.start - other.start);
  const found: SpanGroup<Item>[] = [];
  let begin = 0;
  sorted.forEach((item, index) => {
    const next = sorted[index + 1];
    const start = sorted[begin]?.start ?? 0;
    const together =
      next !== undefined &&
      next.start - item.end <= NEIGHBOURS &&
      next.end - start <= LONGEST &&
      item.start >= held === next.start >= held;
    if (together) return;
    found.push({ start, end: item.end, items: sorted.slice(begin, index + 1) });
    begin = index + 1;
  });
  return found;
}

/** The bytes of a span: from what the directory brought with it, or with one read. */
export async function readSpan(source: ByteSource, { held }: ZipDirectory, { start, end }: Span): Promise<Uint8Array> {
  return start >= held.from ? held.bytes.subarray(start - held.from, end - held.from) : source.read(start, end - start);
}
