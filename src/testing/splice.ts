import type { ByteSource, Splice } from '../domain/byte-source.ts';

/** The file that a splice describes, in memory. Fails where its size is not the one it tells. */
export async function spliced(source: ByteSource, splice: Splice): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const piece of splice.pieces) {
    parts.push(piece.kind === 'bytes' ? piece.bytes : await source.read(piece.offset, piece.length));
  }
  const bytes = Buffer.concat(parts);
  if (bytes.length !== splice.size) throw new Error(`the splice tells ${splice.size} bytes and has ${bytes.length}`);
  return bytes;
}
