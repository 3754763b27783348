import type { ByteSource } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import { runningDigest } from '../domain/sha256.ts';

export interface DigestingSource {
  readonly source: ByteSource;
  /** The digest of the whole, `size` bytes; reads what has not passed yet. */
  digest(size: number): Promise<Digest>;
}

/** A source whose bytes are digested as they are streamed past in order, so that one pass over a wheel gives its digest too. */
export function digestingSource(inner: ByteSource): DigestingSource {
  const running = runningDigest();
  let passed = 0;
  const add = (offset: number, bytes: Uint8Array): void => {
    const from = passed - offset;
    if (from < 0 || from >= bytes.length) return;
    running.add(bytes.subarray(from));
    passed = offset + bytes.length;
  };
  return {
    source: {
      name: inner.name,
      tail: (length) => inner.tail(length),
      read: (offset, length) => inner.read(offset, length),
      async *stream(offset, length) {
        let at = offset;
        for await (const bytes of inner.stream(offset, length)) {
          add(at, bytes);
          at += bytes.length;
          yield bytes;
        }
      },
    },
    digest: async (size) => {
      if (passed < size) for await (const bytes of inner.stream(passed, size - passed)) add(passed, bytes);
      return running.digest();
    },
  };
}
