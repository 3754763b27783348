import type { ByteSource } from '../../domain/byte-source.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { failureCode } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { runningDigest } from '../../domain/sha256.ts';
import type { StoreKey } from '../../domain/store-key.ts';
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
import { candidateArtifacts, type CandidateArtifacts } from './candidate.ts';

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
  const read = input.read ? await readDigests(app, seen, input.progress) : succeed(new Map<StoreKey, Digest>());
  if (!read.ok) return read;
  const { train } = app.loaded;
  const decided = decideManifest(facts, {
    train,
    candidate,
    recorded,
    gates: decideComplete(facts, { train, recorded, waivers: foldWaivers(entries), now: at }),
    read: read.value,
    replace: replace !== null,
  });
  if (!decided.ok) return refuseWith(decided.problems, { explain: explainRecord, kindOf });
  const evidence = foldEvidence(entries, candidate, decided.value.manifest);
  return succeed({
    ...decided.value,
    candidate,
    proof: input.read ? 'read' : 'told',
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

const LANES = 4;

async function readDigests(
  app: App,
  { facts, repos }: CandidateArtifacts,
  progress: RecordInput['progress'],
): Promise<Result<ReadonlyMap<StoreKey, Digest>, AppProblem>> {
  const opened = await app.stores.of(facts.channel);
  if (!opened.ok) return opened;
  const wanted = repos.flatMap(({ cells }) =>
    cells.flatMap(({ expected: { cell }, state }) => {
      const store = opened.value.find(({ holds }) => holds === cell.kind || holds === 'any')?.store;
      return 'file' in state && store !== undefined ? [{ file: state.file, store }] : [];
    }),
  );
  let done = 0;
  try {
    const digests = await inLanes(wanted, LANES, async ({ file, store }) => {
      const digest = await digestOfSource(store.source(file.key), file.size);
      done += 1;
      progress?.(done, wanted.length);
      return [file.key, digest] as const;
    });
    return succeed(new Map(digests));
  } catch (error) {
    const code = failureCode(error);
    if (code === null || !(error instanceof Error)) throw error;
    return refuse({ kind: 'no-data', code: 'bytes-unread', text: `Not all files could be read: ${error.message}` });
  }
}

/** The digest of bytes that are read as a stream. */
export async function digestOfSource(source: ByteSource, size: number): Promise<Digest> {
  const digest = runningDigest();
  for await (const piece of source.stream(0, size)) digest.add(piece);
  return digest.digest();
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
