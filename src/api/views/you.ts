import { z } from 'zod';
import { Instant } from '../../domain/instant.ts';
import { QuietHours, TimeZone } from '../../domain/local-time.ts';
import { NoticeChannel, NoticeKind, NoticeWhen } from '../../domain/notice.ts';
import { DigestTime } from '../../domain/train/notices.ts';

/** How one person is told of what happens; shown to them alone. */
export const YouView = z
  .object({
    title: z.string(),
    login: z.string(),
    mail: z.string().nullable(),
    /** An address that waits for its code. */
    unproven: z.string().nullable(),
    room: z.string().nullable(),
    rooms: z.array(z.string()).readonly(),
    zone: TimeZone,
    /** Null: told at any hour. */
    quiet: QuietHours.nullable(),
    digest: DigestTime,
    kinds: z
      .array(
        z
          .object({
            kind: NoticeKind,
            tells: z.string(),
            by: NoticeChannel,
            when: NoticeWhen,
            /** False where it is as the train file has it. */
            isChosen: z.boolean(),
          })
          .readonly(),
      )
      .readonly(),
    /** What they were told, newest first. */
    recent: z
      .array(
        z
          .object({
            id: z.string(),
            headline: z.string(),
            path: z.string(),
            state: z.enum(['waiting', 'sent', 'dropped', 'nowhere']),
            to: z.string(),
            why: z.string().nullable(),
            at: Instant,
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type YouView = z.infer<typeof YouView>;
