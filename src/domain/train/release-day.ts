import { z } from 'zod';
import { DayStep } from './day-step.ts';
import { DocsPointer } from './docs-pointer.ts';
import { GetStarted } from './get-started.ts';

/** The day a release comes out: what is changed outside of the channels, and in which order everything is done. */
export const ReleaseDay = z.strictObject({
  getStarted: GetStarted.optional().describe('The page from which users copy how to install; left out for none.'),
  docs: DocsPointer.optional().describe(
    'Where the documentation says which line is stable (gate docs-pointer); left out for none.',
  ),
  steps: z
    .array(DayStep)
    .max(200)
    .refine((steps) => new Set(steps.map(({ id }) => id)).size === steps.length, {
      error: 'two steps have the same id',
    })
    .default([])
    .describe('Everything that is done, in order: a step is refused while one before it is open.'),
});
export type ReleaseDay = z.infer<typeof ReleaseDay>;
