import { digestOf, type Digest } from '../../domain/canonical-json.ts';
import { emptyGate, GateId, withWaiver, type Gate, type Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence } from '../../domain/observation.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { foldGo, type GoDecision, type TriageDecision } from './decisions.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';

export const GO_GATE = GateId.parse('go-no-go');

/** What go or no-go is said on: exactly these accepted candidates. */
export function briefDigest(release: ReleaseVersion, decisions: readonly TriageDecision[]): Digest {
  const accepted = decisions
    .filter(({ verdict }) => verdict === 'accepted')
    .map(({ repo, item }) => `${repo}#${item}`)
    .toSorted();
  return digestOf({ release, accepted });
}

/**
 * The gate `go-no-go` of a patch release: open once as many release managers as the train asks for said go. What was accepted after it does not close it
 * again, and is told (docs/decisions/0261).
 */
export function decideGoGate(
  { release, entries, digest }: GoFacts,
  train: Pick<Train, 'patches' | 'roles'>,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Gate {
  const { goPeople } = train.patches;
  const decision = foldGo(entries, release, goPeople);
  const base = emptyGate(GO_GATE, train.roles['release-manager']);
  const gate = { ...base, ...standing(decision, { release, digest, goPeople }), evidence: evidenceOf(decision, now) };
  return withWaiver(gate, waivers, now);
}

export interface GoFacts {
  readonly release: ReleaseVersion;
  readonly entries: readonly LedgerEntry[];
  /** Digest of the brief as it is now. */
  readonly digest: Digest;
}

interface About {
  readonly release: ReleaseVersion;
  readonly digest: Digest;
  readonly goPeople: number;
}

function standing(
  decision: GoDecision,
  { release, digest, goPeople }: About,
): Pick<Gate, 'verdict' | 'summary' | 'fix' | 'since'> {
  const decide = `read signalbox patch brief ${release}, then: signalbox patch decide ${release} --go|--no-go -m WHY`;
  switch (decision.is) {
    case 'open':
      return { verdict: 'needs-you', summary: 'nobody has decided whether to make it', fix: decide, since: null };
    case 'agreeing': {
      const summary = `${decision.words.length} of ${goPeople} release managers said go: ${namesOf(decision)}`;
      return { verdict: 'needs-you', summary, fix: decide, since: decision.words[0].at };
    }
    case 'no-go': {
      const [{ by, reason, at }] = decision.words;
      const summary = `no-go, decided by @${by}: ${reason}`;
      return { verdict: 'failing', summary, fix: `if that changes: ${decide}`, since: at };
    }
    case 'go': {
      const last = decision.words.at(-1) ?? decision.words[0];
      const other = last.brief === digest ? '' : '; candidates were accepted or declined since';
      return { verdict: 'pass', summary: `go, decided by ${namesOf(decision)}${other}`, fix: null, since: last.at };
    }
  }
}

function namesOf(decision: Exclude<GoDecision, { readonly is: 'open' }>): string {
  return decision.words.map(({ by }) => `@${by}`).join(', ');
}

function evidenceOf(decision: GoDecision, now: Instant): readonly Evidence[] {
  if (decision.is === 'open') return [{ text: 'no decision in the ledger', source: 'ledger', at: now }];
  const said = decision.is === 'no-go' ? 'no-go' : 'go';
  return decision.words.map(({ by, people, reason, at }) => ({
    text: `@${by}${people.length === 0 ? '' : ` with ${people.map((login) => `@${login}`).join(', ')}`}: ${said}, ${reason}`,
    source: 'ledger',
    at,
  }));
}
