import type { LedgerEntry } from '../domain/ledger-event.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { parseTag, type CandidateVersion } from '../domain/version.ts';
import { abandoned, type Decision } from './fold-decisions.ts';
import { foldManifests } from './fold-manifests.ts';

/** What of a plan was abandoned: its release, or a candidate. */
export interface Abandonment extends Decision {
  readonly what: string;
}

/** Why nothing is done with a plan again: its release was abandoned, or the candidate whose files it is about or that it tags. Null when neither was. */
export function abandonmentOfPlan({ body }: Plan, entries: readonly LedgerEntry[]): Abandonment | null {
  const { releases, candidates } = abandoned(entries);
  const ofRelease = releases.get(body.release);
  if (ofRelease !== undefined) return { what: body.release, ...ofRelease };
  for (const candidate of candidatesOf(body, entries)) {
    const decision = candidates.get(candidate);
    if (decision !== undefined) return { what: candidate, ...decision };
  }
  return null;
}

function candidatesOf(body: Plan['body'], entries: readonly LedgerEntry[]): readonly CandidateVersion[] {
  const ofManifest = foldManifests(entries).filter(({ digest }) => digest === body.manifest);
  const tagged = body.steps.flatMap((step) => {
    const tag = step.kind === 'push-tag' ? parseTag(step.tag) : null;
    return tag?.kind === 'candidate' ? [tag.candidate] : [];
  });
  return [...ofManifest.map(({ candidate }) => candidate), ...tagged];
}
