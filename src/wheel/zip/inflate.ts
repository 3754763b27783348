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
