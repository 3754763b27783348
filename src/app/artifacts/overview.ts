import { explainExpectation } from '../../domain/expected/expected.ts';
import type { CellKey } from '../../domain/artifact.ts';
import type { Observed } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { CandidateVersion, compareVersions, lineOf, releaseOf, type ReleaseVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import { refuseWith, type AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { candidateArtifacts } from './candidate.ts';
import { verifyCandidate, type VerifiedPlace } from './verify.ts';
import { cellsInChannel, gatesOf, viewCandidate, type CandidateView } from './view.ts';

/** The files of a release: those of a candidate, the candidates there are, how sizes went, and, where asked for, every stage. */
export interface ReleaseArtifacts {
  /** `candidate` is null while there is none: what is expected is known all the same. */
  readonly view: Omit<CandidateView, 'candidate'> & { readonly candidate: CandidateVersion | null };
  /** The newest one and those that were recorded, newest first. */
  readonly candidates: readonly CandidateVersion[];
  /** Largest file by package and recorded candidate of the line, oldest first. */
  readonly sizes: readonly CandidateSizes[];
  /** Null where nobody asked; a refusal where nothing was recorded to compare with. */
  readonly stages: Result<readonly Observed<VerifiedPlace>[], AppProblem> | null;
}

export interface CandidateSizes {
  readonly candidate: CandidateVersion;
  readonly files: readonly { readonly cell: CellKey; readonly size: number }[];
}

/** Reads the newest candidate of a release, or the one that is named. `stages` compares every channel with the record, by what the stores tell. */
export async function artifactsOf(
  app: App,
  release: ReleaseVersion,
  { candidate, stages }: { readonly candidate: string | null; readonly stages: boolean },
): Promise<Result<ReleaseArtifacts, AppProblem>> {
  const entries = await entriesOf(app);
  const manifests = foldManifests(entries);
  const view = await viewOf(app, release, candidate);
  if (!view.ok) return view;
  const recorded = [...new Set(manifests.map((each) => each.candidate))].toSorted(compareVersions);
  const own = recorded.filter((each) => releaseOf(each) === release);
  const shown = view.value.candidate;
  return succeed({
    view: view.value,
    candidates: [...new Set([...own, ...(shown === null ? [] : [shown])])].toSorted((left, right) =>
      compareVersions(right, left),
    ),
    sizes: recorded
      .filter((each) => lineOf(each) === lineOf(release))
      .map((each) => ({
        candidate: each,
        files: (manifestFor(manifests, each)?.manifest.files ?? []).map(({ cell, size }) => ({ cell, size })),
      })),
    stages: stages && shown !== null ? await stagesOf(app, shown) : null,
  });
}

type Shown = ReleaseArtifacts['view'];

async function viewOf(app: App, release: ReleaseVersion, named: string | null): Promise<Result<Shown, AppProblem>> {
  if (named !== null) return viewNamed(app, release, named);
  const entries = await entriesOf(app, release);
  const seen = await candidateArtifacts(app, release);
  const { facts, recorded, at } = seen;
  if (!facts.expectation.ok)
    return refuseWith(facts.expectation.problems, { explain: explainExpectation, kindOf: () => 'usage' });
  const { cells, skipped } = facts.expectation.value;
  return succeed({
    candidate: facts.candidate,
    from: 'channel',
    channel: facts.channel,
    recorded,
    cells: cellsInChannel(seen, cells, recorded),
    skipped,
    gates: gatesOf(app, seen, entries),
    at,
  });
}

async function viewNamed(app: App, release: ReleaseVersion, named: string): Promise<Result<Shown, AppProblem>> {
  const candidate = CandidateVersion.safeParse(named.replace(/^v(?=\d)/, ''));
  if (!candidate.success || releaseOf(candidate.data) !== release)
    return refuse({
      kind: 'usage',
      code: 'not-a-candidate',
      text: `"${named.slice(0, 60)}" is no candidate of ${release}. Write it as ${release}-rcN.`,
    });
  const all = { packages: [], kinds: [], platforms: [], accelerators: [], pythons: [] };
  return viewCandidate(app, candidate.data, all);
}

async function stagesOf(
  app: App,
  candidate: CandidateVersion,
): Promise<Result<readonly Observed<VerifiedPlace>[], AppProblem>> {
  const verified = await verifyCandidate(app, { of: { candidate }, read: false });
  return verified.ok ? succeed(verified.value.places) : verified;
}
