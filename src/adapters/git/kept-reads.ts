/** Bytes of answers that are kept; what is larger than a sixteenth of that is given and not kept. */
const MAX_BYTES = 16 * 1024 * 1024;
/** What an answer takes beside its texts, roughly. */
const OVERHEAD = 512;

/** Answers by what was asked; those asked for longest ago leave first. */
export type KeptReads = <T>(key: string, bytesOf: (answer: T) => number, read: () => Promise<T>) => Promise<T>;

/**
 * Keeps what was read of commits, by their ids: what a commit holds never changes, many gates ask for the same files, and each question costs
 * two processes. Who asks for what is being read waits for that. Failures are not kept, nor is anything that a ref decides.
 */
export function keptReads(maxBytes: number = MAX_BYTES): KeptReads {
  const kept = new Map<string, { readonly answer: Promise<unknown>; bytes: number }>();
  let total = 0;
  const leave = (key: string): void => {
    total -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return async (key, bytesOf, read) => {
    const known = kept.get(key);
    if (known !== undefined) {
      kept.delete(key);
      kept.set(key, known);
      // Under one key lies what one kind of reading gave: the caller's keys begin with its kind.
      return (await known.answer) as Awaited<ReturnType<typeof read>>;
    }
    const answer = read();
    const entry = { answer, bytes: 0 };
    kept.set(key, entry);
    try {
      const given = await answer;
      const bytes = bytesOf(given) + OVERHEAD;
      if (bytes > maxBytes / 16) leave(key);
      else {
        entry.bytes = bytes;
        total += bytes;
        for (const [oldest] of kept) {
          if (total <= maxBytes) break;
          leave(oldest);
        }
      }
      return given;
    } catch (error) {
      leave(key);
      throw error;
    }
  };
}
