import { z } from 'zod';
import { Verdict } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import { StandIn } from '../../domain/train/stand-in.ts';
import { ReleaseVersion } from '../../domain/version.ts';

/** One thing that waits for a person. */
export const DutyView = z
  .object({
    kind: z.enum(['gate', 'pick', 'revert', 'day-step', 'approval', 'apply']),
    release: ReleaseVersion,
    /** Gate, pick, change or plan. */
    name: z.string(),
    state: z.enum([...Verdict.options, 'permanent']),
    word: z.string(),
    text: z.string(),
    since: Instant.nullable(),
    /** Until when it can be done; null where it has no end. */
    until: Instant.nullable(),
    command: z.string().nullable(),
    /** Where somebody is away: for whom this is done, or who does it, and until when; null where it is theirs and they are there. */
    standIn: StandIn.nullable().default(null),
  })
  .readonly();
export type DutyView = z.infer<typeof DutyView>;

/** What waits for people, by person. */
export const TodoView = z
  .object({
    title: z.string(),
    releases: z.array(ReleaseVersion).readonly(),
    people: z.array(z.object({ who: z.string(), duties: z.array(DutyView).readonly() }).readonly()).readonly(),
    /** Releases whose picks could not be read: the lists may be too short. */
    unread: z.array(z.object({ release: ReleaseVersion, reason: z.string() }).readonly()).readonly(),
  })
  .readonly();
export type TodoView = z.infer<typeof TodoView>;
