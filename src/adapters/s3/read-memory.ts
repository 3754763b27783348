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

  recall(offset: number, length: number): Uint8Array | null {
    const found = this.#kept.find(
      (each) => each.offset <= offset && offset + length <= each.offset + each.bytes.length,
    );
    return found === undefined ? null : found.bytes.subarray(offset - found.offset, offset - found.offset + length);
  }
}
