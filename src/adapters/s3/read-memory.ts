interface Kept {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const MOST_EACH = 4 * 1024 * 1024;
const MOST = 16 * 1024 * 1024;

/** What was read lately of one state of an object: whoever looks at a wheel and then rewrites it shall not ask for the same bytes twice. */
export class ReadMemory {
  #kept: readonly Kept[] = [];

  keep(offset: number, bytes: Uint8Array): void {
    if (bytes.length > MOST_EACH) return;
    let sum = 0;
    this.#kept = [{ offset, bytes }, ...this.#kept].filter((each) => {
      sum += each.bytes.length;
      return sum <= MOST;
    });
  }

  /** Whether the byte at this place is known. */
  knows(at: number): boolean {
    return this.#kept.some((each) => each.offset <= at && at < each.offset + each.bytes.length);
  }

  /** The bytes, if all of them are known; put together where they came in several reads. */
  recall(offset: number, length: number): Uint8Array | null {
    const end = offset + length;
    const pieces: Uint8Array[] = [];
    for (let at = offset; at < end;) {
      const found = this.#kept.find((each) => each.offset <= at && at < each.offset + each.bytes.length);
      if (found === undefined) return null;
      const piece = found.bytes.subarray(at - found.offset, end - found.offset);
      pieces.push(piece);
      at += piece.length;
    }
    const [only] = pieces;
    return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
  }
}
