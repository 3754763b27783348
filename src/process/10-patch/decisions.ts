import type { Digest } from '../../domain/canonical-json.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import type { RepoKey } from '../../domain/repo.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

/** What triage reviewers decided about one candidate. */
export interface TriageDecision {
  readonly repo: RepoKey;
  readonly item: number;
  readonly verdict: 'accepted' | 'declined';
  readonly suggested: 'accept' | 'decline' | 'unknown';
  readonly by: string;
  readonly people: readonly string[];
  readonly reason: string;
  readonly at: Instant;
}

/** The decisions that count for a patch release: of each candidate the last one. */
export function foldTriage(entries: readonly LedgerEntry[], release: ReleaseVersion): readonly TriageDecision[] {
  const decided = new Map<string, TriageDecision>();
  for (const { event, actor, at } of entries) {
    if (event.type !== 'triage-decided' || event.release !== release) continue;
    const { repo, item, verdict, suggested, people, reason } = event;
    const key = `${repo}#${item}`;
    // A decision that was changed counts as the new one does, in its place.
    decided.delete(key);
    decided.set(key, { repo, item, verdict, suggested, by: actor, people, reason, at });
  }
  return [...decided.values()];
}

/** One release manager's word on whether there is to be a patch release. */
interface Word {
  readonly by: string;
  readonly people: readonly string[];
  readonly reason: string;
  readonly at: Instant;
  /** Digest of the brief it was said on. */
  readonly brief: Digest;
}

/** Whether there is to be a patch release. `agreeing`: more people have to say go. */
export type GoDecision =
  | { readonly is: 'open' }
  | { readonly is: 'agreeing' | 'go'; readonly words: readonly [Word, ...Word[]] }
  | { readonly is: 'no-go'; readonly words: readonly [Word] };

/**
 * Go when as many release managers as the train asks for said so, each once. One no-go ends it, and takes the words before back; a go after it begins
 * anew. What was agreed on is kept by the digest of the brief, so that it can be told when the brief is another one by now.
 */
export function foldGo(entries: readonly LedgerEntry[], release: ReleaseVersion, goPeople: number): GoDecision {
  let decision: GoDecision = { is: 'open' };
  for (const { event, actor, at } of entries) {
    if (event.type !== 'patch-decided' || event.release !== release) continue;
    const { people, reason, brief } = event;
    const word: Word = { by: actor, people, reason, at, brief };
    if (event.decision === 'no-go') {
      decision = { is: 'no-go', words: [word] };
      continue;
    }
    const before: readonly Word[] =
      decision.is === 'agreeing' || decision.is === 'go' ? decision.words.filter(({ by }) => by !== actor) : [];
    const [first, ...rest] = [...before, word];
    decision = { is: before.length + 1 >= goPeople ? 'go' : 'agreeing', words: [first, ...rest] };
  }
  return decision;
}
