import { z } from 'zod';
import { Digest } from '../canonical-json.ts';
import { StoreKey } from '../store-key.ts';
import { ChannelName } from '../train/channels.ts';

/** `yes`: taken back wholly; `partly`: taken back, but somebody may have seen it; `never`: two people and a typed phrase. */
export const Reversible = z.enum(['yes', 'partly', 'never']);
export type Reversible = z.infer<typeof Reversible>;

/** What every step has. */
export const common = {
  /** Idempotency: the same key twice is one effect. `<kind>:<repo>:<what>`. */
  key: z.string().min(1),
  /** Steps of one wave are carried out side by side; a wave starts when the one before is done. */
  wave: z.int().min(0),
  reversible: Reversible,
  /** What the reverse is, or why there is none; for people. */
  undo: z.string(),
};

/** Where a file of a channel lies. */
export const FileAt = z.strictObject({ channel: ChannelName, place: z.int().min(0), key: StoreKey });
export type FileAt = z.infer<typeof FileAt>;

/** What a file is, byte for byte. */
export const fileFacts = { size: z.int().min(1), digest: Digest };
