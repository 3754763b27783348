import { z } from 'zod';
import { ChannelName } from './channels.ts';

const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

const ClockTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'not a time of day: write it as HH:MM, for example 15:00' });

/** When something may be published. */
const PromotionWindow = z.strictObject({
  days: z.array(Weekday).min(1).describe('Days of the week.'),
  from: ClockTime.describe('From this time of day on, in UTC.'),
  to: ClockTime.describe('Until this time of day, in UTC; after `from`.'),
});
export type PromotionWindow = z.infer<typeof PromotionWindow>;

/** Through which channels a release goes, and who has to agree. Seed: "Promotion of the release candidate". */
export const Promotion = z.strictObject({
  backup: ChannelName.nullable()
    .default(null)
    .describe('Channel of the copies of candidates, each below its tag; null for none.'),
  staging: ChannelName.nullable()
    .default(null)
    .describe('Channel of the wheels as they go to a package index; null for none.'),
  stable: z
    .array(ChannelName)
    .default([])
    .describe('Channels of the first step, in this order: object stores and conda.'),
  pypi: ChannelName.nullable()
    .default(null)
    .describe('Channel of the second step, which cannot be taken back; null for none.'),
  approvals: z
    .int()
    .min(2)
    .max(5)
    .default(2)
    .describe('People who approve either step besides whoever planned it; never fewer than 2.'),
  approvalHours: z
    .int()
    .min(1)
    .max(240)
    .default(24)
    .describe('Hours for which an approval counts; afterwards it has to be given again.'),
  windows: z.array(PromotionWindow).default([]).describe('When something may be published; at any time without it.'),
  lateFileDays: z
    .int()
    .min(1)
    .max(365)
    .default(14)
    .describe('Days after its first file in which files may be added to a release on the package index.'),
  tag: z
    .string()
    .min(1)
    .default('{repo} {version}')
    .describe('Message of the annotated final tag, with {repo} {version} {candidate}.'),
  releaseTitle: z
    .string()
    .min(1)
    .default('{repo} {version}')
    .describe(
      "Title of a repository's release on the forge. Its text is `texts.release` with {repo} {version} {tag} {candidate} {packages}, or a short list without it.",
    ),
});
export type Promotion = z.infer<typeof Promotion>;
