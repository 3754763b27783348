import type { GateView } from '../../api/views/gate.ts';
import type { ReleaseView } from '../../api/views/release.ts';
import { isOpen } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';

/** Verdicts that rest on no reading: a person's decision, and the policy of the train. */
const UNREAD: ReadonlySet<GateView['verdict']> = new Set(['waived', 'skipped', 'no-data']);

/** A gate that was read too long ago: it says what it said then, and lets nothing through (ux.md 2.2). */
export function outdatedGate(gate: GateView, release: string, readAt: Instant): GateView {
  if (UNREAD.has(gate.verdict)) return gate;
  return {
    ...gate,
    verdict: 'no-data',
    summary: `Not read since ${readAt.slice(0, 16).replace('T', ' ')} UTC, when it was ${gate.verdict}: ${gate.summary}`,
    since: readAt,
    fix: `signalbox gate run ${release} ${gate.id}`,
  };
}

/** A release that was read too long ago: whatever is not known any more keeps it back. */
export function outdatedRelease(view: ReleaseView, readAt: Instant): ReleaseView {
  const gates = view.gates.map((gate) => outdatedGate(gate, view.release, readAt));
  const closed = gates.filter((gate) => !isOpen(gate)).map(({ id }) => id);
  return {
    ...view,
    gates,
    blocking: closed.filter((id) => !view.later.includes(id)),
    repos: view.repos.map((repo) => ({ ...repo, ci: { state: 'no-data', text: 'no data' } })),
  };
}
