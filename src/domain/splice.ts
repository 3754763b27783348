import type { ByteSource, Splice } from './byte-source.ts';

/** The bytes of a splice, in order: what it takes over is read from the source as it is needed, and held no longer. */
export async function* splicedBytes(from: ByteSource, splice: Splice): AsyncGenerator<Uint8Array> {
  for (const piece of splice.pieces) {
    if (piece.kind === 'copy') yield* from.stream(piece.offset, piece.length);
    else yield piece.bytes;
  }
}

/** Whether the pieces make up the promised size, and each is a place that a file can have. */
export function isWhole({ size, pieces }: Splice): boolean {
  let sum = 0;
  for (const piece of pieces) {
    if (piece.kind === 'copy' && !(isCount(piece.offset) && isCount(piece.length))) return false;
    sum += piece.kind === 'copy' ? piece.length : piece.bytes.length;
  }
  return sum === size;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
