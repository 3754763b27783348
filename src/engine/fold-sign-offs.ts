import type { Digest } from '../domain/canonical-json.ts';
import type { GateId } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import type { CandidateVersion } from '../domain/version.ts';

/** What somebody signed, as the ledger tells it; whether it still holds follows from the files of now. */
export interface SignOff {
  readonly gate: GateId;
  readonly by: string;
  readonly at: Instant;
  readonly role: string;
  readonly note: string;
  readonly evidence: string | null;
  readonly bound: { readonly candidate: CandidateVersion; readonly manifest: Digest } | null;
}

/** The last sign-off of each person for each gate, oldest first; what was taken back since is left out. */
export function foldSignOffs(entries: readonly LedgerEntry[]): readonly SignOff[] {
  let signed: readonly SignOff[] = [];
  for (const { event, actor, at } of entries) {
    if (event.type === 'gate-signed') {
      const { gate, role, note, evidence, bound } = event;
      const others = signed.filter((each) => each.gate !== gate || each.by !== actor);
      signed = [...others, { gate, by: actor, at, role, note, evidence, bound }];
    }
    if (event.type === 'gate-sign-off-revoked')
      signed = signed.filter((each) => each.gate !== event.gate || each.by !== event.by);
  }
  return signed;
}
