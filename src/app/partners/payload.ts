import { z } from 'zod';
import { Digest } from '../../domain/canonical-json.ts';
import { VerdictChange, type LedgerEntry, type LedgerEvent } from '../../domain/ledger-event.ts';
import { Instant } from '../../domain/instant.ts';
import { Manifest } from '../../domain/manifest.ts';
import type { PartnerEventType } from '../../domain/train/partner-webhooks.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';

const of = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({
    type: z.literal(type),
    /** When it happened, and not when it is told. */
    timestamp: Instant,
    data,
  });

const ofRelease = { train: z.string(), release: ReleaseVersion };

/** What partners are sent, by the type of event. Members are only ever added. */
export const PARTNER_PAYLOADS = {
  'candidate.published': of(
    'candidate.published',
    z.object({ ...ofRelease, candidate: CandidateVersion, digest: Digest, manifest: Manifest }),
  ),
  'candidate.final': of(
    'candidate.final',
    z.object({ ...ofRelease, candidate: CandidateVersion, manifestDigest: Digest, by: z.string() }),
  ),
  'gate.changed': of(
    'gate.changed',
    z.object({ ...ofRelease, changes: z.array(VerdictChange).min(1), blockers: z.int().min(0) }),
  ),
  'release.published': of('release.published', z.object(ofRelease)),
} as const satisfies Readonly<Record<PartnerEventType, z.ZodType>>;

/** Sent by `signalbox webhook test` alone. */
export const PingPayload = of('ping', z.object({ train: z.string() }));

/** A message before it is signed. */
export interface PartnerEvent {
  /** The same for the same entry of the ledger, whenever and how often it is sent. */
  readonly id: string;
  readonly type: PartnerEventType | 'ping';
  readonly payload: unknown;
}

/** Types of ledger entries that partners can be told of. */
export const TOLD: readonly LedgerEvent['type'][] = [
  'manifest-recorded',
  'candidate-final',
  'gates-judged',
  'release-checked',
];

/** What an entry of the ledger is to partners; null for what is none of theirs. */
export function partnerEvent(entry: LedgerEntry): PartnerEvent | null {
  const { train, seq, at: timestamp, actor } = entry;
  const told = dataOf(entry.event, train, actor);
  if (told === null) return null;
  const { type, data } = told;
  return { id: `sb_${train}_${seq}`, type, payload: { type, timestamp, data } };
}

interface Told {
  readonly type: PartnerEventType;
  readonly data: unknown;
}

function dataOf(event: LedgerEvent, train: string, by: string): Told | null {
  if (event.type === 'manifest-recorded') {
    const { release, candidate, digest, manifest } = event;
    return { type: 'candidate.published', data: { train, release, candidate, digest, manifest } };
  }
  if (event.type === 'candidate-final') {
    const { release, candidate, manifest: manifestDigest } = event;
    return { type: 'candidate.final', data: { train, release, candidate, manifestDigest, by } };
  }
  if (event.type === 'gates-judged') {
    const { release, changes, blockers } = event;
    return changes.length === 0 ? null : { type: 'gate.changed', data: { train, release, changes, blockers } };
  }
  // Only the look right after the promotion says something new.
  const isNew = event.type === 'release-checked' && event.check === 'at-once' && event.holds;
  return isNew ? { type: 'release.published', data: { train, release: event.release } } : null;
}
