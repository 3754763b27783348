import { z } from 'zod';
import { CalendarDate } from './instant.ts';
import { AskName } from './train/asks.ts';
import { ReleaseVersion } from './version.ts';

const ofAsk = { release: ReleaseVersion, ask: AskName };
/** What somebody says of it, in their words. */
const Reason = z.string().min(1).max(4000);
/** An address that a person gives, of where something was written. */
const Link = z.string().max(2000).nullable();

/** What is known of asks by people's word alone. Whether an ask is done is observed wherever it can be. */
export const ASK_EVENTS = [
  /** It was asked by hand, or in an issue that nobody here opened. */
  z.strictObject({ type: z.literal('ask-sent'), ...ofAsk, link: Link, note: z.string().max(4000) }),
  /** What the addressee answered: it is done, as far as that can only be told. */
  z.strictObject({ type: z.literal('ask-answered'), ...ofAsk, link: Link, note: Reason }),
  /** What was recorded by mistake counts no more. */
  z.strictObject({ type: z.literal('ask-withdrawn'), ...ofAsk, what: z.enum(['sent', 'answered']), reason: Reason }),
  z.strictObject({ type: z.literal('ask-reminded'), ...ofAsk, due: CalendarDate, days: z.int().min(0) }),
] as const;
