import { z } from 'zod';
import { Instant } from '../domain/instant.ts';

/** What every answer comes in, from the command line's `--json`, from a page's `.json` and from the API alike. */
export function envelopeOf<Data extends z.ZodType>(name: string, data: Data) {
  return z.object({
    /** `signalbox.NAME/1`; the number grows when a member changes its meaning. */
    schema: z.literal(`signalbox.${name}/1`),
    /** When the oldest of what it rests on was read; null for what rests on nothing outside. */
    asOf: Instant.nullable(),
    /** Something in it could not be read, or is older than it may be. */
    stale: z.boolean(),
    data,
  });
}

/** Why an answer is a no: what is wrong, with which thing, and what to do next. */
export const Refusal = z.object({
  code: z.string(),
  text: z.string(),
  /** Found again in the server's log. */
  request: z.string(),
});
export type Refusal = z.infer<typeof Refusal>;
