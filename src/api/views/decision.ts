import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';

/** What somebody decided, when, and why. */
export const DecisionView = z.object({ by: z.string(), at: Instant, reason: z.string() }).readonly();
export type DecisionView = z.infer<typeof DecisionView>;
