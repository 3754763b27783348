import { succeed, type Result } from '../../domain/result.ts';
import { releaseOf, type CandidateVersion } from '../../domain/version.ts';
import { foldEvidence, type RecordedEvidence, type RecordedManifest } from '../../engine/fold-manifests.ts';
import { foldWaivers } from '../../engine/fold.ts';
import {
  decideComplete,
  decideManifest,
  explainRecord,
  type ManifestDecision,
  type RecordProblem,
} from '../../process/05-candidate/artifacts/index.ts';
import type { App } from '../app.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { requireRole } from '../releases.ts';
import { candidateArtifacts } from './candidate.ts';
import { readFiles } from './read-files.ts';

export interface RecordInput {
  readonly candidate: CandidateVersion;
  /** Whether every byte is read, instead of believing what is stored with the files. */
  readonly read: boolean;
  /** Why files may take the place of others that were recorded; null where they may not. */
  readonly replace: string | null;
  /** Told of each file that was read. */
  readonly progress?: (done: number, of: number) => void;
}

/** A record that would be made. */
export interface RecordDraft extends ManifestDecision {
  readonly candidate: CandidateVersion;
  readonly proof: 'told' | 'read';
  readonly reason: string;
  /** What is recorded already; null for the first. */
  readonly earlier: RecordedManifest | null;
  /** What was proved of files that are other ones now. */
  readonly voided: readonly RecordedEvidence[];
}

const RECORDERS = ['release-manager'] as const;

/** What would be recorded of a candidate: every file of its channel by its digest. Nothing is written. */
export async function draftRecord(app: App, input: RecordInput): Promise<Result<RecordDraft, AppProblem>> {
  const { candidate, replace } = input;
  const release = releaseOf(candidate);
  const allowed = await requireRole(app, RECORDERS);
  if (!allowed.ok) {
    await record(app, {
      type: 'refused',
      release,
      what: `artifact record ${candidate}`,
      reason: allowed.problems[0].text,
    });
    return allowed;
  }
  const entries = await entriesOf(app, release);
  const seen = await candidateArtifacts(app, release);
  const { facts, before: recorded, recorded: earlier, at } = seen;
  const read = await readFiles(app, seen, input);
  if (!read.ok) return read;
  const { train } = app.loaded;
  const decided = decideManifest(facts, {
    train,
    candidate,
    recorded,
    gates: decideComplete(facts, { train, recorded, waivers: foldWaivers(entries), now: at }),
    ...read.value,
    replace: replace !== null,
  });
  if (!decided.ok) return refuseWith(decided.problems, { explain: explainRecord, kindOf });
  const evidence = foldEvidence(entries, candidate, decided.value.manifest);
  return succeed({
    ...decided.value,
    candidate,
    // A conda channel is read through its listing: what is not in a store is not read here.
    proof: decided.value.manifest.files.every(({ key }) => read.value.read.has(key)) ? 'read' : 'told',
    reason: replace ?? '',
    earlier,
    voided: evidence.filter((each) => each.void.length > 0),
  });
}

/** Records it. The same manifest again is recorded only when it was read this time and was not before. */
export async function recordManifest(app: App, draft: RecordDraft): Promise<void> {
  const { candidate, digest, manifest, proof, reason, earlier } = draft;
  if (isRecorded(draft)) return;
  await record(app, {
    type: 'manifest-recorded',
    release: releaseOf(candidate),
    candidate,
    digest,
    manifest,
    proof,
    reason: earlier === null ? '' : reason,
  });
}

/** Whether exactly this is recorded, as well proved. */
export function isRecorded({ earlier, digest, proof }: RecordDraft): boolean {
  return earlier?.digest === digest && (earlier.proof === 'read' || proof === 'told');
}

function kindOf(problem: RecordProblem): ProblemKind {
  switch (problem.code) {
    case 'no-candidate':
      return 'usage';
    case 'gate-closed':
      return 'gates-closed';
    case 'digest-lies':
    case 'would-change':
      return 'conflict';
    case 'no-files':
      return 'no-data';
  }
}
