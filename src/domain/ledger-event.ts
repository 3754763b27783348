import { z } from 'zod';
import { Digest, digestOf } from './canonical-json.ts';
import { GateId } from './gate.ts';
import { Instant } from './instant.ts';
import { Plan, PlanId } from './plan/plan.ts';
import { Handle, Outcome } from './plan/receipt.ts';
import { ReleaseVersion } from './version.ts';

const forRelease = { release: ReleaseVersion };
const ofStep = { ...forRelease, plan: PlanId, step: z.string() };

/** What cannot be observed: decisions, intents, receipts. Everything else is read from the world each time. */
export const LedgerEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('release-created'), ...forRelease }),
  z.strictObject({ type: z.literal('release-closed'), ...forRelease, reason: z.string() }),
  z.strictObject({
    type: z.literal('gate-waived'),
    ...forRelease,
    gate: GateId,
    reason: z.string().min(1),
    until: Instant,
  }),
  z.strictObject({ type: z.literal('gate-waiver-ended'), ...forRelease, gate: GateId, reason: z.string().min(1) }),
  z.strictObject({ type: z.literal('gate-signed'), ...forRelease, gate: GateId, role: z.string(), note: z.string() }),
  z.strictObject({ type: z.literal('plan-made'), ...forRelease, plan: Plan, goodUntil: Instant }),
  z.strictObject({ type: z.literal('plan-approved'), ...forRelease, plan: PlanId, digest: Digest, role: z.string() }),
  z.strictObject({
    type: z.literal('plan-approval-revoked'),
    ...forRelease,
    plan: PlanId,
    digest: Digest,
    reason: z.string(),
  }),
  z.strictObject({ type: z.literal('plan-dropped'), ...forRelease, plan: PlanId, reason: z.string() }),
  z.strictObject({ type: z.literal('apply-started'), ...forRelease, plan: PlanId, digest: Digest }),
  z.strictObject({ type: z.literal('step-intended'), ...ofStep }),
  z.strictObject({ type: z.literal('step-receipt'), ...ofStep, outcome: Outcome, handle: Handle }),
  z.strictObject({ type: z.literal('step-stopped'), ...ofStep, reason: z.string() }),
  z.strictObject({ type: z.literal('plan-finished'), ...forRelease, plan: PlanId, digest: Digest }),
  z.strictObject({
    type: z.literal('lease-broken'),
    ...forRelease,
    lease: z.string(),
    holder: z.string(),
    reason: z.string(),
  }),
  z.strictObject({ type: z.literal('refused'), ...forRelease, what: z.string(), reason: z.string() }),
]);
export type LedgerEvent = z.infer<typeof LedgerEvent>;

/** What a face appends: who says what, when. The ledger gives it its place and its hash. */
export const LedgerDraft = z.strictObject({ at: Instant, actor: z.string().min(1), event: LedgerEvent });
export type LedgerDraft = z.infer<typeof LedgerDraft>;

/** One line of the ledger. `hash` covers everything else in it, `prev` the hash of the entry before (null for the first of a train). */
export const LedgerEntry = z.strictObject({
  train: z.string().min(1),
  seq: z.int().min(1),
  ...LedgerDraft.shape,
  prev: Digest.nullable(),
  hash: Digest,
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** The hash an entry must have. */
export function hashOfEntry(entry: Omit<LedgerEntry, 'hash'>): Digest {
  const { train, seq, at, actor, event, prev } = entry;
  return digestOf({ train, seq, at, actor, event, prev });
}
