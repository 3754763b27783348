import { ByteSourceError, type ByteSource } from '../domain/byte-source.ts';

/** A source over bytes in memory that counts what is read of it. */
export interface MemorySource extends ByteSource {
  /** Offset and length of every read so far; a tail counts as the read that it is. */
  readonly reads: readonly (readonly [offset: number, length: number])[];
}

/** `size` pretends that the bytes are the end of something larger: what lies before reads as zeros. */
export function memorySource(bytes: Uint8Array, name = 'memory.whl', size = bytes.length): MemorySource {
  const reads: (readonly [number, number])[] = [];
  const hidden = size - bytes.length;
  const take = (offset: number, length: number): Uint8Array => {
    reads.push([offset, length]);
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new ByteSourceError('short', `${name} has ${size} bytes; ${length} from ${offset} were asked for`);
    }
    if (offset >= hidden) return bytes.slice(offset - hidden, offset - hidden + length);
    const taken = new Uint8Array(length);
    taken.set(bytes.subarray(0, Math.max(0, offset + length - hidden)), Math.min(length, hidden - offset));
    return taken;
  };
  return {
    name,
    reads,
    tail: async (length) => {
      const taken = Math.min(length, size);
      return { size, bytes: take(size - taken, taken) };
    },
    read: async (offset, length) => take(offset, length),
    // In odd pieces, so that nobody relies on where they end.
    stream: async function* stream(offset, length) {
      for (let at = 0; at < length; at += 1009) yield take(offset + at, Math.min(1009, length - at));
    },
  };
}
