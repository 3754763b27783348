import { z } from 'zod';

/** What an outside system calls the thing a step made: enough to find it again and to take it back. */
export const Handle = z.record(z.string(), z.string());
export type Handle = z.infer<typeof Handle>;

/** `done`: made by this step. `adopted`: was already so with the same content, whoever made it. */
export const Outcome = z.enum(['done', 'adopted']);
export type Outcome = z.infer<typeof Outcome>;
