import { z } from 'zod';
import type { Digest } from './canonical-json.ts';
import { Instant } from './instant.ts';
import type { Evidence } from './observation.ts';
import type { CandidateVersion } from './version.ts';

/** The states of ux.md section 2.4 that a gate can have. Only `pass`, `waived` and `skipped` are open. */
export const Verdict = z.enum(['pass', 'failing', 'running', 'queued', 'needs-you', 'waived', 'skipped', 'no-data']);
export type Verdict = z.infer<typeof Verdict>;

/** Ids of process.md, with the repository after a colon where a gate is per repository: `nightlies-green:vision`. */
export const GateId = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(:[a-z][a-z0-9._-]*)?$/)
  .brand<'GateId'>();
export type GateId = z.infer<typeof GateId>;

/** A condition for moving on, judged: what, why, who, since when, and the command that moves it. */
export interface Gate {
  readonly id: GateId;
  readonly verdict: Verdict;
  /** One line: the fact that decides, with counts. */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  /** Logins or workstream names, first the one who must act. */
  readonly owners: readonly string[];
  /** Since when the verdict holds, where the evidence tells it. */
  readonly since: Instant | null;
  /** What moves it: a command or an act, ready to copy. Null when nothing has to move. */
  readonly fix: string | null;
  /** The waiver that opens it, when `verdict` is `waived`. */
  readonly waiver: Waiver | null;
  /** Left out where the gate is judged from what was read, and not signed by people. */
  readonly signing?: Signing;
}

/** What signing a gate would mean now. */
export interface Signing {
  /** The files that would be signed for; null where the release is, whatever its files, and while no candidate was recorded. */
  readonly bound: { readonly candidate: CandidateVersion; readonly manifest: Digest } | null;
  readonly evidence: 'required' | 'optional';
  /** Logins and roles that may. */
  readonly people: readonly string[];
  readonly roles: readonly string[];
  /** Whose sign-off counts now. */
  readonly signedBy: readonly string[];
}

/** A gate of which nothing is known yet: closed, until somebody says more of it. */
export function emptyGate(id: GateId, owners: readonly string[]): Gate {
  return {
    id,
    verdict: 'no-data',
    summary: '',
    evidence: [],
    owners: [...owners],
    since: null,
    fix: null,
    waiver: null,
  };
}

/** A gate passed by a person's decision: it has a reason and an end. */
export const Waiver = z.strictObject({
  gate: GateId,
  by: z.string(),
  reason: z.string().min(1),
  until: Instant,
});
export type Waiver = z.infer<typeof Waiver>;

/** Whether the gate lets the train through. Unknown never does. */
export function isOpen(gate: Pick<Gate, 'verdict'>): boolean {
  return gate.verdict === 'pass' || gate.verdict === 'waived' || gate.verdict === 'skipped';
}

/** The gate with the waiver applied, if one holds at `now`. A gate without data can be waived: a person decided not to know. */
export function withWaiver(gate: Gate, waivers: readonly Waiver[], now: Instant): Gate {
  if (isOpen(gate)) return gate;
  const waiver = waivers.findLast((candidate) => candidate.gate === gate.id && candidate.until > now);
  return waiver === undefined ? gate : { ...gate, verdict: 'waived', waiver };
}
