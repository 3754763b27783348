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

/** A fact that was read. */
export function known<Value>(value: Value, at: Instant, source: Source): Observed<Value> {
  return { known: true, value, at, source };
}

/** A fact that could not be read, and why. */
export function unknown(reason: string, at: Instant, source: Source): Observed<never> {
  return { known: false, reason, at, source };
}

/**
 * The code of a failure of the world (git, the forge, the network: errors that carry a `code`), or null for anything else: a bug.
 * Matched by the code and not by class, since the stages know the ports by their types only.
 */
export function failureCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Reads a fact; a failure of the world becomes `unknown` with its reason, a bug is thrown on. */
export async function observe<Value>(
  source: Source,
  at: Instant,
  read: () => Promise<Value>,
): Promise<Observed<Value>> {
  try {
    return known(await read(), at, source);
  } catch (error) {
    if (!(error instanceof Error) || failureCode(error) === null) throw error;
    return unknown(error.message, at, source);
  }
}
