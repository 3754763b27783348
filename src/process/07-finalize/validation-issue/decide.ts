import { emptyGate, GateId, type Gate, type Waiver, withWaiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence, Observed } from '../../../domain/observation.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { FoundValidation } from './found.ts';
import type { StandingValidation } from './standing.ts';

/** The validation issue of a release, with where every item stands. */
export interface ValidationFacts {
  readonly release: ReleaseVersion;
  /** Null while no candidate was recorded. */
  readonly candidate: CandidateVersion | null;
  readonly found: Observed<FoundValidation>;
  readonly standing: readonly StandingValidation[];
  /** Whether the issue says how things stand. */
  readonly isCurrent: boolean;
}

const ID = GateId.parse('validation-issue');

/**
 * The gate `validation-issue`: the issue of the release is there, and everything in it was done on this candidate, by what people whose item it is say under it.
 * Seed: "Create validation issue for the release and perform required validations". Waivers applied.
 */
export function decideValidation(
  { release, candidate, found, standing, isCurrent }: ValidationFacts,
  { train, waivers, now }: { readonly train: Train; readonly waivers: readonly Waiver[]; readonly now: Instant },
): Gate {
  const gate = emptyGate(ID, train.roles['release-manager']);
  const done = (judged: Partial<Gate>): Gate => withWaiver({ ...gate, ...judged }, waivers, now);
  const rerun = `signalbox gate run ${release} ${ID}`;
  if (!found.known)
    return done({ summary: `could not be read: ${found.reason}`, fix: `make it readable, then ${rerun}` });
  const { issue, strangers } = found.value;
  const evidence = (text: string, link?: string): Evidence => ({
    text,
    ...(link === undefined ? {} : { link }),
    source: found.source,
    at: found.at,
  });
  const fakes = strangers.map(({ number, author, link }) =>
    evidence(`#${number} bears the marker but was opened by ${author}, whom the train does not trust`, link),
  );
  if (issue === null) {
    const summary = `${release} has no validation issue`;
    return done({ verdict: 'needs-you', summary, evidence: fakes, fix: `signalbox validation open ${release}` });
  }
  const name = `#${issue.number}`;
  if (candidate === null) {
    const summary = `${name}: no candidate of ${release} was recorded yet`;
    return done({ verdict: 'queued', summary, evidence: fakes, fix: 'signalbox artifact record RC' });
  }
  const open = standing.filter((each) => each.done === null);
  const listed = [
    evidence(`${name} ${issue.title}${isCurrent ? '' : ', which says how things stood before'}`, issue.link),
    ...open.map(({ item, section, older }) =>
      evidence(
        `${section}: ${item.id}: ${older === null ? 'not done' : `done by @${older.by} on ${older.on} only, whose files are others`}`,
      ),
    ),
    ...standing.flatMap(({ item, done: by }) =>
      by === null ? [] : [evidence(`${item.id}: done by @${by.by} on ${by.on}`, by.link)],
    ),
    ...fakes,
  ];
  const counts = `${name}: ${standing.length - open.length} of ${standing.length} done on ${candidate}`;
  if (open.length === 0) return done({ verdict: 'pass', summary: counts, evidence: listed });
  const owners = [...new Set([...open.flatMap(({ item }) => item.people), ...gate.owners])];
  const summary = `${counts}; open: ${open.map(({ item }) => item.id).join(', ')}`;
  const fix = `do it, and say so there; then signalbox validation sync ${release}`;
  return done({ verdict: 'needs-you', summary, evidence: listed, owners, fix });
}
