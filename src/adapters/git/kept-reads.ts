/** Bytes of answers of one kind that are kept; what is larger than a sixteenth of that is given and not kept. */
const MAX_BYTES = 8 * 1024 * 1024;
/** What an answer takes beside its texts, roughly. */
const OVERHEAD = 512;

/** Answers of one kind by what was asked; those asked for longest ago leave first. */
export type KeptReads<T> = (key: string, read: () => Promise<T>) => Promise<T>;

/**
 * Keeps what was read of commits, by their ids: what a commit holds never changes, many gates ask for the same files, and each question costs
 * two processes. Who asks for what is being read waits for that. Failures are not kept, nor may be anything that a ref decides.
 */
export function keptReads<T>(bytesOf: (answer: T) => number, maxBytes: number = MAX_BYTES): KeptReads<T> {
  const kept = new Map<string, { readonly answer: Promise<T>; bytes: number }>();
  let total = 0;
  const leave = (key: string): void => {
    total -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  const keep = async (key: string, answer: Promise<T>): Promise<T> => {
    const entry = { answer, bytes: 0 };
    kept.set(key, entry);
    try {
      const given = await answer;
      const bytes = bytesOf(given) + OVERHEAD;
      if (bytes > maxBytes / 16) {
        leave(key);
        return given;
      }
      entry.bytes = bytes;
      total += bytes;
      for (const oldest of kept.keys()) {
        if (total <= maxBytes) break;
        leave(oldest);
      }
      return given;
    } catch (error) {
      leave(key);
      throw error;
    }
  };
  return async (key, read) => {
    const known = kept.get(key);
    if (known === undefined) return keep(key, read());
    kept.delete(key);
    kept.set(key, known);
    return known.answer;
  };
}
