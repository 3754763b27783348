import { copyStep, reconcile, type Edge } from '../../domain/edge.ts';
import type { ManifestFile } from '../../domain/manifest.ts';
import { sealPlan, type PlanBody } from '../../domain/plan/plan.ts';
import { refuseOr, type Result } from '../../domain/result.ts';
import { releaseOf, tagOf, type CandidateVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { backupFacts } from './backup-facts.ts';
import { waveOfRepo } from './manifest.ts';
import { edgeProblems } from './problem.ts';
import { openStores, readEdges, unwritable } from './read-edges.ts';
import { filesText } from './words.ts';

export interface BackupInput extends PlanInput {
  readonly candidate: CandidateVersion;
}

/** Plans the copy of a candidate's files into the backup channel, each below the candidate's tag. Seed: "Release Candidate Storage". */
export async function backupCandidate(app: App, input: BackupInput): Promise<Result<Planned, AppProblem>> {
  const facts = await backupFacts(app, input.candidate);
  if (!facts.ok) return facts;
  const { recorded, pairs } = facts.value;
  const edges = pairs.map(({ file, live, kept }) => edgeOf(file, { from: live, to: kept, write: 'append' }));
  return planEdges(app, input, {
    recorded,
    edges,
    purpose: 'backup',
    title: (count) => `Keep ${tagOf(input.candidate)}: ${filesText(count)} into ${kept(app)}`,
    undo: 'take the copy away',
    nothing: `Every file of ${input.candidate} is in ${kept(app)}.`,
  });
}

export interface RestoreInput extends PlanInput {
  readonly candidate: CandidateVersion;
}

/**
 * Plans to bring a candidate's files back from the backup into the channel that they were recorded in: all of them, wheels, archives and conda packages;
 * what lies there unchanged stays. Only plans: nothing is downloaded (PRO-11).
 */
export async function restoreCandidate(app: App, input: RestoreInput): Promise<Result<Planned, AppProblem>> {
  const facts = await backupFacts(app, input.candidate);
  if (!facts.ok) return facts;
  const { recorded, pairs } = facts.value;
  const { channel } = recorded.manifest;
  const write = app.loaded.train.channels[channel]?.write ?? 'once';
  const edges = pairs.map(({ file, live, kept: from }) => edgeOf(file, { from, to: live, write }));
  return planEdges(app, input, {
    recorded,
    edges,
    purpose: 'restore',
    title: (count) => `Bring ${tagOf(input.candidate)} back: ${filesText(count)} into ${channel}`,
    undo: 'take the copy away',
    nothing: `Every file of ${input.candidate} lies in ${channel} as it was recorded.`,
  });
}

function edgeOf({ cell, repo, size, digest }: ManifestFile, ends: Pick<Edge, 'from' | 'to' | 'write'>): Edge {
  return { cell, repo, size, digest, ...ends };
}

function kept({ loaded }: App): string {
  return loaded.train.promotion.backup ?? 'backup';
}

interface EdgesToPlan {
  readonly recorded: RecordedManifest;
  readonly edges: readonly Edge[];
  readonly purpose: PlanBody['purpose'];
  readonly title: (count: number) => string;
  readonly undo: string;
  readonly nothing: string;
}

/** Plans copies alone: no index, nothing that is published. */
async function planEdges(
  app: App,
  input: PlanInput,
  { recorded, edges, purpose, title, undo, nothing }: EdgesToPlan,
): Promise<Result<Planned, AppProblem>> {
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { train, digest } = app.loaded;
  const release = releaseOf(recorded.candidate);
  const stores = await openStores(
    app,
    edges.flatMap(({ from, to }) => [from.channel, to.channel]),
  );
  if (!stores.ok) return stores;
  const seen = await readEdges(app.files, stores.value, edges);
  if (!seen.ok) return seen;
  const { copies, there, problems } = reconcile(seen.value);
  const blocked = [
    ...unwritable(
      stores.value,
      copies.map(({ edge }) => edge.to),
    ),
    ...edgeProblems(problems, recorded.candidate),
  ];
  const free = refuseOr(blocked, () => null);
  if (!free.ok) return free;
  const notes = there.length === 0 ? [] : [`${filesText(there.length)} there already, with the same bytes`];
  const beside = { held: [], notes };
  if (copies.length === 0) {
    return present(app, { kind: 'nothing-to-do', ...beside }, { input, gates: [], nothing });
  }
  const wave = waveOfRepo(train, release);
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose,
    title: title(copies.length),
    author: begun.value.author,
    trainDigest: digest,
    gates: [],
    assumes: [],
    phrase: null,
    manifest: recorded.digest,
    steps: copies.map((copy) => copyStep(copy, { wave: wave(copy.edge.repo), undo, seen: false })),
  });
  return present(app, { kind: 'plan', plan, ...beside }, { input, gates: [], nothing });
}
