import { z } from 'zod';

/** Why something is decided; what others read in the log. */
export const Reason = z
  .string()
  .trim()
  .min(1, { error: 'a reason is needed; others will read it in the log' })
  .max(4000);

/** What every decision needs. */
export const WithReason = z.object({ reason: Reason });

/** For what needs nothing but the click. */
export const Nothing = z.object({});

/** What was typed where a phrase is asked for; a form that asks for none sends none. */
export const Phrase = z.string().trim().max(200).optional();
