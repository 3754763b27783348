import { z } from 'zod';

/** The support matrix by line, newest first. */
export const SupportView = z.object({
  head: z.string(),
  columns: z.array(z.object({ id: z.string(), title: z.string() })),
  rows: z.array(
    z.object({
      line: z.string(),
      /** In the order of the columns; empty where the line has none. */
      cells: z.array(z.string()),
      excluded: z.array(z.object({ what: z.string(), reason: z.string() })),
    }),
  ),
});
export type SupportView = z.infer<typeof SupportView>;
