/** An answer kept so that it can be asked for again with `If-None-Match`. */
export interface KeptAnswer {
  readonly etag: string;
  /** The Link header that came with it. */
  readonly link: string | null;
  /** The content type, where whoever asks needs it again. */
  readonly contentType?: string | undefined;
  readonly text: string;
}

/** Where answers are kept. May forget anything at any time: what it holds is only ever used when the other side says that it still holds. */
export interface AnswerCache {
  find(key: string): Promise<KeptAnswer | null>;
  keep(key: string, answer: KeptAnswer): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

/** Keeps answers in this process, the most lately used ones, up to `limit` characters in all. */
export function memoryAnswerCache(limit: number = 32 * MEBIBYTE): AnswerCache {
  const kept = new Map<string, KeptAnswer>();
  let size = 0;
  const forget = (key: string): void => {
    size -= kept.get(key)?.text.length ?? 0;
    kept.delete(key);
  };
  return {
    find: async (key) => {
      const found = kept.get(key);
      if (found === undefined) return null;
      // A Map keeps insertion order: putting it in again makes it the newest.
      kept.delete(key);
      kept.set(key, found);
      return found;
    },
    keep: async (key, answer) => {
      forget(key);
      if (answer.text.length > limit) return;
      kept.set(key, answer);
      size += answer.text.length;
      for (const oldest of kept.keys()) {
        if (size <= limit) break;
        forget(oldest);
      }
    },
  };
}
