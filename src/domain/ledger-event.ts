import { z } from 'zod';
import { ARTIFACT_EVENTS } from './artifact-events.ts';
import { ASK_EVENTS } from './ask-events.ts';
import { Digest, digestOf } from './canonical-json.ts';
import { GateId, Verdict } from './gate.ts';
import { ObjectId } from './git-names.ts';
import { RepoKey } from './repo.ts';
import { PickClassName } from './train/picks.ts';
import { Instant } from './instant.ts';
import { PATCH_EVENTS } from './patch-events.ts';
import { DAY_EVENTS } from './day-events.ts';
import { PickRef } from './pick.ts';
import { Plan, PlanId } from './plan/plan.ts';
import { Handle, Outcome } from './plan/receipt.ts';
import { CandidateVersion, ReleaseVersion } from './version.ts';

const forRelease = { release: ReleaseVersion };
const ofStep = { ...forRelease, plan: PlanId, step: z.string() };

const ofPick = { ...forRelease, pick: PickRef };
/** Why somebody decided so, in their words. */
const Reason = z.string().min(1).max(4000);

/** Decisions about picks. What became of them (made, conflicting, in CI, landed, in a candidate) is observed. */
const PICK_EVENTS = [
  /** The link of the comment that asked is `via`; null for the command line. Asked again with other values, the last ones count. */
  z.strictObject({
    type: z.literal('pick-requested'),
    ...ofPick,
    class: PickClassName,
    fixes: z.string().max(2000).nullable(),
    via: z.string().max(2000).nullable(),
  }),
  /** Bound to the head that was looked at: what is pushed afterwards is not approved. */
  z.strictObject({ type: z.literal('pick-approved'), ...ofPick, head: ObjectId }),
  z.strictObject({ type: z.literal('pick-refused'), ...ofPick, reason: Reason }),
  z.strictObject({ type: z.literal('pick-needs-info'), ...ofPick, question: Reason }),
  /** Back to review after a refusal or a question. */
  z.strictObject({ type: z.literal('pick-reopened'), ...ofPick, reason: Reason }),
  z.strictObject({ type: z.literal('pick-withdrawn'), ...ofPick, reason: z.string().max(4000) }),
  /** Asked for after the end of its phase, and told so. */
  z.strictObject({ type: z.literal('pick-late'), ...ofPick, closedAt: Instant }),
  /** A release manager lets it in against the rules of the phase, until a moment. */
  z.strictObject({ type: z.literal('pick-dispensation'), ...ofPick, reason: Reason, until: Instant }),
  z.strictObject({ type: z.literal('pick-superseded'), ...ofPick, by: PickRef, reason: Reason }),
  z.strictObject({ type: z.literal('pick-reminded'), ...ofPick, hours: z.int().min(1), closesAt: Instant }),
  /** The line keeps a change that main has reverted. */
  z.strictObject({
    type: z.literal('revert-declined'),
    ...forRelease,
    repo: RepoKey,
    revert: ObjectId,
    reason: Reason,
  }),
] as const;

/** What people signed for, in which of their roles, and took back. */
const SIGN_OFF_EVENTS = [
  z.strictObject({
    type: z.literal('gate-signed'),
    ...forRelease,
    gate: GateId,
    /** A role of the train; `named` for whoever may sign by name. */
    role: z.string(),
    note: z.string().max(4000),
    /** Link to what was seen; null where none was given. */
    evidence: z.string().max(2000).nullable(),
    /** The files that were signed for; null where the release is, whatever its files. */
    bound: z.strictObject({ candidate: CandidateVersion, manifest: Digest }).nullable(),
  }),
  /** By whoever signed, or by a release manager for them. */
  z.strictObject({
    type: z.literal('gate-sign-off-revoked'),
    ...forRelease,
    gate: GateId,
    by: z.string().min(1),
    reason: Reason,
  }),
] as const;

/** An issue or pull request of a repository of the train. */
export const ItemRef = z.strictObject({ repo: RepoKey, number: z.int().min(1).max(Number.MAX_SAFE_INTEGER) });
export type ItemRef = z.infer<typeof ItemRef>;

/** What people said of closed items of the milestone. */
const VALIDATION_EVENTS = [
  z.strictObject({
    type: z.literal('item-validated'),
    ...forRelease,
    item: ItemRef,
    candidate: CandidateVersion,
    manifest: Digest,
    note: z.string().max(4000),
  }),
  /** No candidate has to show that it is mended: a change of documentation, a duplicate. */
  z.strictObject({ type: z.literal('item-needs-no-validation'), ...forRelease, item: ItemRef, reason: Reason }),
  /** Takes back what was recorded of it; a comment is its author's. */
  z.strictObject({ type: z.literal('item-validation-ended'), ...forRelease, item: ItemRef, reason: Reason }),
] as const;

/** Decisions about what becomes the release, and about whether anything may move at all. */
const PROMOTION_EVENTS = [
  /** This candidate, with exactly the files of this manifest, is to become the release. */
  z.strictObject({
    type: z.literal('candidate-final'),
    ...forRelease,
    candidate: CandidateVersion,
    manifest: Digest,
    reason: z.string().max(4000),
  }),
  z.strictObject({
    type: z.literal('candidate-final-withdrawn'),
    ...forRelease,
    candidate: CandidateVersion,
    reason: Reason,
  }),
  /** For ever: nothing is planned or carried out with it again. */
  z.strictObject({
    type: z.literal('candidate-abandoned'),
    ...forRelease,
    candidate: CandidateVersion,
    reason: Reason,
  }),
  z.strictObject({ type: z.literal('release-abandoned'), ...forRelease, reason: Reason }),
  /** Of the whole train: they carry no release. */
  z.strictObject({ type: z.literal('train-frozen'), reason: Reason }),
  z.strictObject({ type: z.literal('train-thawed'), reason: Reason }),
] as const;

/** Who came in, and with what rights. Of the whole train: they carry no release. */
const SIGN_IN_EVENTS = [
  /** By a one-time link on this machine, or by the forge's word; with the roles that held then. */
  z.strictObject({ type: z.literal('signed-in'), how: z.enum(['link', 'forge']), roles: z.array(z.string()) }),
  /** A token acts as whoever made it, with the roles that hold when it is used. */
  z.strictObject({
    type: z.literal('token-made'),
    token: z.string().min(1),
    name: z.string().min(1),
    scope: z.enum(['read', 'write']),
    until: Instant,
  }),
  z.strictObject({ type: z.literal('token-revoked'), token: z.string().min(1), name: z.string().min(1) }),
] as const;

/** A gate whose verdict was seen to be another one than before. */
export const VerdictChange = z.strictObject({
  gate: GateId,
  /** Null where it was judged for the first time. */
  from: Verdict.nullable(),
  to: Verdict,
  /** The one line of the verdict, cut where it is long. */
  why: z.string().max(300),
  /** Whether it then kept the next step from being done. */
  blocking: z.boolean(),
});
export type VerdictChange = z.infer<typeof VerdictChange>;

/**
 * What was seen when the gates of a release were judged and differed from the last time. Kept for people to look back at: the past cannot be observed
 * again. Nothing is decided on it (docs/decisions/0218).
 */
const SIGHTING_EVENTS = [
  z.strictObject({
    type: z.literal('gates-judged'),
    ...forRelease,
    /** Empty where only the counts are others. */
    changes: z.array(VerdictChange).max(2000),
    /** Gates that then kept the next step from being done. */
    blockers: z.int().min(0),
    /** Picks to which something had still to happen, and those of them that waited for a person; null where they could not be read. */
    picks: z.strictObject({ open: z.int().min(0), waiting: z.int().min(0) }).nullable(),
  }),
] as const;

/** What cannot be observed: decisions, intents, receipts, and what was seen in the past. Everything else is read from the world each time. */
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
  ...SIGN_OFF_EVENTS,
  ...VALIDATION_EVENTS,
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
  /** Somebody asked the process that carries the plan out to start nothing more. */
  z.strictObject({ type: z.literal('apply-stop-asked'), ...forRelease, plan: PlanId, reason: Reason }),
  /** A carrying-out that did not finish: by a step or a person, by Ctrl-C, or because the world failed. A process that was killed leaves none. */
  z.strictObject({
    type: z.literal('apply-ended'),
    ...forRelease,
    plan: PlanId,
    end: z.enum(['stopped', 'interrupted', 'failed']),
    reason: Reason,
  }),
  z.strictObject({
    type: z.literal('lease-broken'),
    ...forRelease,
    lease: z.string(),
    holder: z.string(),
    reason: z.string(),
  }),
  ...PICK_EVENTS,
  ...PATCH_EVENTS,
  ...ASK_EVENTS,
  ...ARTIFACT_EVENTS,
  ...PROMOTION_EVENTS,
  ...DAY_EVENTS,
  ...SIGN_IN_EVENTS,
  ...SIGHTING_EVENTS,
  /** A look at a published release that was due by the clock, and what it found. */
  z.strictObject({
    type: z.literal('release-checked'),
    ...forRelease,
    check: z.enum(['at-once', '1-hour', '24-hours', '13-days']),
    holds: z.boolean(),
    findings: z.array(z.string().max(4000)).max(50),
  }),
  z.strictObject({ type: z.literal('refused'), ...forRelease, what: z.string(), reason: z.string() }),
]);
export type LedgerEvent = z.infer<typeof LedgerEvent>;

type EventType = LedgerEvent['type'];

/** Every type of event, in alphabetical order. */
export const EVENT_TYPES: readonly EventType[] = LedgerEvent.options
  .flatMap(({ shape }): readonly EventType[] => [...shape.type.values])
  .toSorted();

/** Types of what was seen and not decided: no judging, planning or applying reads them. */
export const SIGHTINGS: readonly EventType[] = SIGHTING_EVENTS.flatMap(({ shape }): readonly EventType[] => [
  ...shape.type.values,
]);

/** All other types: what judging, planning and applying read. */
export const DECIDED_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) => !SIGHTINGS.includes(type));

/** The release an event is about; null for what is about the whole train. */
export function releaseOfEvent(event: LedgerEvent): ReleaseVersion | null {
  return 'release' in event ? event.release : null;
}

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
