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
  /** The policy, judged for the lines that are not out yet, or the newest. */
  policy: z.array(
    z.object({
      line: z.string(),
      day: z.string(),
      isPlanned: z.boolean(),
      /** Why the rules about Python could not be judged. */
      unknown: z.string().nullable(),
      findings: z.array(
        z.object({
          standing: z.enum(['open', 'excepted', 'note']),
          rule: z.string(),
          subject: z.string(),
          text: z.string(),
          /** The change of support.yaml that the rule asks for. */
          change: z.string().nullable(),
          exception: z.object({ owner: z.string(), until: z.string(), reason: z.string() }).nullable(),
        }),
      ),
      patches: z.array(z.object({ minor: z.string(), versions: z.array(z.string()), endOfLife: z.string() })),
    }),
  ),
  /** The data about CPython, and until when it knows releases. */
  pythonData: z.object({ source: z.string(), asOf: z.string().nullable() }),
});
export type SupportView = z.infer<typeof SupportView>;
