import type { Digest } from '../domain/canonical-json.ts';
import type { Instant } from '../domain/instant.ts';
import type { ItemRef, LedgerEntry } from '../domain/ledger-event.ts';
import type { CandidateVersion } from '../domain/version.ts';

/** What was recorded of an item of the milestone: that it was seen to work on a candidate, or that it needs no validation. */
export type RecordedValidation = { readonly item: ItemRef; readonly by: string; readonly at: Instant } & (
  | {
      readonly kind: 'validated';
      readonly candidate: CandidateVersion;
      readonly manifest: Digest;
      readonly note: string;
    }
  | { readonly kind: 'not-needed'; readonly reason: string }
);

/** The last word on each item, as long as it was not taken back. */
export function foldValidations(entries: readonly LedgerEntry[]): readonly RecordedValidation[] {
  const last = new Map<string, RecordedValidation>();
  for (const { event, actor: by, at } of entries) {
    if (event.type === 'item-validated') {
      const { item, candidate, manifest, note } = event;
      last.set(keyOf(item), { kind: 'validated', item, by, at, candidate, manifest, note });
    }
    if (event.type === 'item-needs-no-validation') {
      const { item, reason } = event;
      last.set(keyOf(item), { kind: 'not-needed', item, by, at, reason });
    }
    if (event.type === 'item-validation-ended') last.delete(keyOf(event.item));
  }
  return [...last.values()];
}

function keyOf({ repo, number }: ItemRef): string {
  return `${repo}#${number}`;
}
