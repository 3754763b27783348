import { z } from 'zod';
import { Digest, digestOf } from '../canonical-json.ts';
import { ObjectId, RefName } from '../git-names.ts';
import { GateId } from '../gate.ts';
import { RepoKey } from '../repo.ts';
import { ReleaseVersion } from '../version.ts';
import { Step } from './step.ts';

/** A ref the plan rests on without changing it: it must still be there when the plan is carried out. */
export const AssumedRef = z.strictObject({ repo: RepoKey, remote: z.string(), ref: RefName, at: ObjectId.nullable() });
export type AssumedRef = z.infer<typeof AssumedRef>;

/** What a plan is for; faces choose words by it. */
const PlanPurpose = z.enum([
  'cut',
  'release-only',
  'candidate',
  'retry',
  'cherry-pick',
  'tracker',
  'ask',
  'validation',
  'validation-asks',
  'patch',
  'owed',
  'index',
  'backup',
  'restore',
  'repair',
  'stage',
  'stable',
  'pypi',
  'yank',
  'get-started',
  'train-file',
  'undo',
]);

const PLAN_ID = /^p[0-9a-hjkmnp-tv-z]{5}$/;

/** Everything of a plan that its digest binds. It holds no time: the same world gives the same plan. */
export const PlanBody = z.strictObject({
  schema: z.literal('signalbox.plan/1'),
  train: z.string(),
  release: ReleaseVersion,
  purpose: PlanPurpose,
  title: z.string(),
  /** Login of who made it: may not approve it where approvals are needed. */
  author: z.string(),
  /** Digest of the resolved train file: an edit of the train mid-release voids the plan. */
  trainDigest: Digest,
  /** Gates that must be open when it is carried out, not only when it was made. */
  gates: z.array(GateId),
  assumes: z.array(AssumedRef),
  /** What must be typed to carry it out; null where every step can be taken back. */
  phrase: z.string().nullable(),
  /** The plan whose receipts this one takes back. */
  undoes: z.string().regex(PLAN_ID).optional(),
  /** Digest of the manifest whose files it is about, for people and for the record: every step names its own bytes as well. */
  manifest: Digest.optional(),
  /** How many other people must approve it although it can be taken back; left out for none. */
  approvals: z.int().min(1).max(5).optional(),
  steps: z.array(Step).min(1),
});
export type PlanBody = z.infer<typeof PlanBody>;

/** `p` and 5 letters or digits, taken from the digest; unambiguous letters only. */
export const PlanId = z
  .string()
  .regex(PLAN_ID, { error: 'not a plan: plans are named p and five letters or digits, for example p7k2m9' })
  .brand<'PlanId'>();
export type PlanId = z.infer<typeof PlanId>;

/** A plan is data: its digest names exactly what would be done, and its id is short for the digest. */
export const Plan = z.strictObject({ id: PlanId, digest: Digest, body: PlanBody });
export type Plan = z.infer<typeof Plan>;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Seals a body: the digest is the sha256 of its canonical JSON. */
export function sealPlan(body: PlanBody): Plan {
  const checked = PlanBody.parse(body);
  const digest = digestOf(checked);
  const hex = digest.slice('sha256:'.length);
  const letters = [0, 1, 2, 3, 4].map(
    (index) => ALPHABET[Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16) % 32] ?? '0',
  );
  return { id: PlanId.parse(`p${letters.join('')}`), digest, body: checked };
}

/** Whether any step of the plan can never be taken back: it needs two other people and the typed phrase. */
export function isPermanent(plan: Plan): boolean {
  return plan.body.steps.some((step) => step.reversible === 'never');
}

/** How many people other than the author must approve the plan. */
export function approvalsNeeded(plan: Plan): number {
  return Math.max(isPermanent(plan) ? 2 : 0, plan.body.approvals ?? 0);
}

/** Purposes of plans that take back what others did. */
const TAKING_BACK: readonly PlanBody['purpose'][] = ['undo', 'restore', 'yank'];

/** Whether the plan only takes back: that goes on while the train is frozen, and with what was abandoned. */
export function takesBack({ body }: Plan): boolean {
  return TAKING_BACK.includes(body.purpose);
}
