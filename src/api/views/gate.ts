import { z } from 'zod';
import { Digest } from '../../domain/canonical-json.ts';
import { Verdict } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';

const EvidenceView = z
  .object({ text: z.string(), link: z.string().optional(), source: z.string(), at: Instant })
  .readonly();

/** A gate as it was judged. */
export const GateView = z
  .object({
    id: z.string(),
    verdict: Verdict,
    summary: z.string(),
    evidence: z.array(EvidenceView).readonly(),
    /** Logins or workstream names, first the one who must act. */
    owners: z.array(z.string()).readonly(),
    since: Instant.nullable(),
    fix: z.string().nullable(),
    waiver: z.object({ gate: z.string(), by: z.string(), reason: z.string(), until: Instant }).readonly().nullable(),
    /** Of a gate that people sign: what is signed for, who may, whose sign-off counts. */
    signing: z
      .object({
        bound: z.object({ candidate: CandidateVersion, manifest: Digest }).readonly().nullable(),
        evidence: z.enum(['required', 'optional']),
        people: z.array(z.string()).readonly(),
        roles: z.array(z.string()).readonly(),
        signedBy: z.array(z.string()).readonly(),
      })
      .readonly()
      .optional(),
  })
  .readonly();
export type GateView = z.infer<typeof GateView>;

/** One gate, and what the ledger says of it. */
export const GatePageView = z
  .object({
    release: ReleaseVersion,
    title: z.string(),
    gate: GateView,
    /** Decisions about it, what was recorded as its evidence, and verdicts it was seen to turn to, newest first. */
    history: z
      .array(
        z
          .object({
            seq: z.int(),
            at: Instant,
            actor: z.string(),
            /** One sentence without its subject. */
            text: z.string(),
            what: z.enum(['waived', 'waiver-ended', 'signed', 'sign-off-revoked', 'proved', 'refused', 'turned']),
            /** What a verdict turned to; null for decisions. */
            verdict: Verdict.nullable(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type GatePageView = z.infer<typeof GatePageView>;
