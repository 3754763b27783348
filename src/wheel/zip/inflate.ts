import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';

/** How much packed data is given to the inflater at once. */
const STEP = 64 * 1024;

/** How many bytes came of it; Infinity when there are more than claimed, of which no more were made; null when that is no deflated data, or not all of it. */
export type Inflated = number | null;

type Packed = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A source that failed, told apart from data that does not inflate. */
class SourceFailure extends Error {}

async function feed(packed: Packed, writer: WritableStreamDefaultWriter): Promise<void> {
  const pieces = Symbol.asyncIterator in packed ? packed[Symbol.asyncIterator]() : packed[Symbol.iterator]();
  for (;;) {
    const next = await Promise.resolve(pieces.next()).catch((error: unknown) => {
      throw new SourceFailure('the source failed', { cause: error });
    });
    if (next.done === true) return writer.close();
    const piece: Uint8Array = next.value;
    for (let at = 0; at < piece.length; at += STEP) await writer.write(piece.subarray(at, at + STEP));
  }
}

async function drain(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  claimed: number,
  take: (bytes: Uint8Array) => void,
) {
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return size;
    size += value.length;
    if (size > claimed) return Infinity;
    take(value);
  }
}

/**
 * Unpacks deflated data piece by piece and gives on what comes of it; ends as soon as that is more than claimed, so that memory and time are
 * bounded by what the caller allowed. A failure of the source is thrown as it came.
 */
export async function inflate(packed: Packed, claimed: number, take: (bytes: Uint8Array) => void): Promise<Inflated> {
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const [writer, reader] = [writable.getWriter(), readable.getReader()];
  const fed = feed(packed, writer).then(
    () => null,
    async (error: unknown) => {
      await writer.abort().catch(() => undefined);
      return error;
    },
  );
  const size = await drain(reader, claimed, take).catch(() => null);
  if (size === Infinity) await reader.cancel().catch(() => undefined);
  const failure = await fed;
  if (failure instanceof SourceFailure) throw failure.cause;
  return size === Infinity || failure === null ? size : null;
}

/** What Node gives back when it is asked for more than the bytes; its types do not know that. */
const Told = z.object({ buffer: z.instanceof(Uint8Array), engine: z.object({ bytesWritten: z.number() }) });

/** The same of what is held and short, at once: what it unpacks to, Infinity where that is more than claimed, null where it is broken or goes on after its end. */
export function inflateHeld(packed: Uint8Array, claimed: number): Uint8Array | number | null {
  try {
    // Room for one byte more than claimed shows that there are more.
    const room = { maxOutputLength: claimed + 1, chunkSize: Math.max(64, claimed + 1) };
    const { buffer, engine } = Told.parse(inflateRawSync(packed, { ...room, info: true }));
    if (engine.bytesWritten !== packed.length) return null;
    return buffer.length > claimed ? Infinity : buffer;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return error.code === 'ERR_BUFFER_TOO_LARGE' ? Infinity : null;
  }
}
