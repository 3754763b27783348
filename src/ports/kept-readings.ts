import type { Digest, Json } from '../domain/canonical-json.ts';

/**
 * What was read out of bytes that never change, by the digest of what it rests on. Only a way to spare reading again: it may be deleted or damaged
 * at any time, and then everything is read once more.
 */
export interface KeptReadings {
  /** Null when there is none that can be read. */
  get(kind: string, of: Digest): Promise<unknown>;
  put(kind: string, of: Digest, reading: Json): Promise<void>;
}
