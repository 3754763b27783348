import type { Digest } from '../../domain/canonical-json.ts';
import type { ExpectedCell, SkippedCell } from '../../domain/expected/expectation.ts';
import { explainExpectation } from '../../domain/expected/expected.ts';
import type { BuildRun } from '../../domain/manifest.ts';
import type { Gate } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { releaseOf, type CandidateVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import { foldWaivers } from '../../engine/fold.ts';
import { decideComplete, type CellState } from '../../process/05-candidate/artifacts/index.ts';
import { selectCells, explainMatrix, type CellChoice } from '../../process/01-plan/index.ts';
import type { App } from '../app.ts';
import { refuseWith, type AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { candidateArtifacts, type CandidateArtifacts } from './candidate.ts';

/** One expected cell of a candidate as it stands. */
export interface ViewedCell {
  readonly expected: ExpectedCell;
  readonly state: CellState['state'] | 'no-candidate';
  readonly key: string | null;
  readonly size: number | null;
  readonly digest: Digest | null;
  readonly run: BuildRun | null;
}

/** A candidate's files: as its channel holds them now or, for an older one, as they were recorded. */
export interface CandidateView {
  readonly candidate: CandidateVersion;
  readonly from: 'channel' | 'record';
  readonly channel: string;
  readonly recorded: Pick<RecordedManifest, 'digest' | 'by' | 'at' | 'proof'> | null;
  readonly cells: readonly ViewedCell[];
  readonly skipped: readonly SkippedCell[];
  /** Gates `artifacts-complete`; none for what is only recorded. */
  readonly gates: readonly Gate[];
  readonly at: Instant;
}

/** The files of a candidate, cell by cell. */
export async function viewCandidate(
  app: App,
  candidate: CandidateVersion,
  choice: CellChoice,
): Promise<Result<CandidateView, AppProblem>> {
  const release = releaseOf(candidate);
  const entries = await entriesOf(app, release);
  const seen = await candidateArtifacts(app, release);
  const { facts, at } = seen;
  if (!facts.expectation.ok)
    return refuseWith(facts.expectation.problems, { explain: explainExpectation, kindOf: () => 'usage' });
  const chosen = selectCells(facts.expectation.value, choice);
  if (!chosen.ok) return refuseWith(chosen.problems, { explain: explainMatrix, kindOf: () => 'usage' });
  const recorded = manifestFor(foldManifests(entries), candidate);
  const common = { candidate, channel: facts.channel, recorded, skipped: chosen.value.skipped, at };
  if (facts.candidate === candidate) {
    return succeed({
      ...common,
      from: 'channel',
      cells: cellsInChannel(seen, chosen.value.cells, recorded),
      gates: gatesOf(app, seen, entries),
    });
  }
  if (recorded !== null)
    return succeed({
      ...common,
      from: 'record',
      cells: chosen.value.cells.map((expected) => fromRecord(expected, recorded)),
      gates: [],
    });
  const core = facts.repos.find(({ repo }) => repo.entry.role === 'core')?.tag;
  if (core?.known === false)
    return refuse({ kind: 'no-data', code: 'cannot-read', text: `${core.source} could not be read: ${core.reason}` });
  return refuse({
    kind: 'usage',
    code: 'candidate-unknown',
    text:
      facts.candidate === null
        ? `There is no candidate ${candidate}: core has none of ${release} yet. Tag it: signalbox rc cut ${release}`
        : `${candidate} was not recorded, and channel ${facts.channel} holds the files of ${facts.candidate}. See: signalbox artifact matrix ${facts.candidate}`,
  });
}

/** Each expected cell as the channel of candidates has it. */
export function cellsInChannel(
  { repos }: CandidateArtifacts,
  cells: readonly ExpectedCell[],
  recorded: RecordedManifest | null,
): readonly ViewedCell[] {
  const states = new Map(repos.flatMap((repo) => repo.cells.map((cell) => [cell.expected.key, cell.state] as const)));
  return cells.map((expected) => viewed(expected, states.get(expected.key), recorded));
}

/** The gates `artifacts-complete` of what was read. */
export function gatesOf(app: App, seen: CandidateArtifacts, entries: readonly LedgerEntry[]): readonly Gate[] {
  const { facts, before, at } = seen;
  return decideComplete(facts, {
    train: app.loaded.train,
    recorded: before,
    waivers: foldWaivers(entries),
    now: at,
  });
}

function viewed(expected: ExpectedCell, state: CellState | undefined, recorded: RecordedManifest | null): ViewedCell {
  const nothing = { expected, key: null, size: null, digest: null, run: null };
  if (state === undefined) return { ...nothing, state: 'no-candidate' };
  if (!('file' in state)) return { ...nothing, state: state.state };
  const { key, size, digest } = state.file;
  const run = recorded?.manifest.files.find((file) => file.cell === expected.key)?.run ?? null;
  return { expected, state: state.state, key, size, digest, run };
}

function fromRecord(expected: ExpectedCell, { manifest }: RecordedManifest): ViewedCell {
  const file = manifest.files.find(({ cell }) => cell === expected.key);
  return file === undefined
    ? { expected, state: 'missing', key: null, size: null, digest: null, run: null }
    : { expected, state: 'present', key: file.key, size: file.size, digest: file.digest, run: file.run };
}
