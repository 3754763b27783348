import { z } from 'zod';
import { Instant } from './instant.ts';

/** Where an observation comes from, as people name it: `GitHub pytorch/vision`, `git remote of core`. */
export type Source = string;

/** A fact about the world, read at a moment; or why it could not be read. Unknown is never false, and never green. */
export type Observed<Value> =
  | { readonly known: true; readonly value: Value; readonly at: Instant; readonly source: Source }
  | { readonly known: false; readonly reason: string; readonly at: Instant; readonly source: Source };

/** One thing that a verdict rests on: a sentence, where to look, when it was read. */
export const Evidence = z.strictObject({
  text: z.string(),
  link: z.string().optional(),
  source: z.string(),
  at: Instant,
});
export type Evidence = z.infer<typeof Evidence>;
