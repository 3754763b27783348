import { shortRef, type RefName } from '../../domain/git-names.ts';

/** Why a remote refused a push, for people. Atomic: the other refs of the same push were not changed either. */
export function rejectionText(rejected: readonly { readonly ref: RefName; readonly reason: string }[]): string {
  const list = rejected.map(({ ref, reason }) => `${shortRef(ref)}: ${reason}`).join('; ');
  return `the remote refused the push, nothing of it was changed: ${list}`;
}
