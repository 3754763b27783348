import { kindOfCell } from '../../domain/artifact.ts';
import { copyStep, reconcile, type Edge } from '../../domain/edge.ts';
import type { ManifestFile } from '../../domain/manifest.ts';
import { sealPlan, type PlanBody } from '../../domain/plan/plan.ts';
import type { FileAt } from '../../domain/plan/step.ts';
import { refuse, refuseOr, type Result } from '../../domain/result.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { sinksOfChannel, sinksOfKind, type Sink } from '../../domain/train/sinks.ts';
import { lineOf, releaseOf, tagOf, type CandidateVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { manifestOf, waveOfRepo } from './manifest.ts';
import { edgeProblems } from './problem.ts';
import { openStores, readEdges, unwritable } from './read-edges.ts';

/** Where a file of a candidate is kept: below the candidate's tag, each kind in a folder of its own, since folders of channels have the same names. */
export function backupKey(candidate: CandidateVersion, { cell, key }: Pick<ManifestFile, 'cell' | 'key'>): StoreKey {
  return StoreKey.parse(`${tagOf(candidate)}/${kindOfCell(cell)}/${key}`);
}

/** The place of a channel where a file of a candidate lies. */
export function homeOf(sinks: readonly Sink[], file: Pick<ManifestFile, 'cell' | 'key'>): FileAt | null {
  const [first] = sinksOfKind(sinks, kindOfCell(file.cell)).filter(({ store }) => store === 'object-store');
  return first === undefined ? null : { channel: first.channel, place: first.place, key: file.key };
}

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

/** A file of a candidate with the two places it is to be in. */
interface Pair {
  readonly file: ManifestFile;
  readonly live: FileAt;
  readonly kept: FileAt;
}

export async function backupFacts(
  app: App,
  candidate: CandidateVersion,
): Promise<Result<{ readonly recorded: RecordedManifest; readonly pairs: readonly Pair[] }, AppProblem>> {
  const { train } = app.loaded;
  const { backup } = train.promotion;
  if (backup === null) return refuse(noBackup());
  const recorded = await manifestOf(app, candidate);
  if (!recorded.ok) return recorded;
  const line = lineOf(candidate);
  const live = sinksOfChannel(train, recorded.value.manifest.channel, line);
  const sinks = sinksOfChannel(train, backup, line);
  const pairs = recorded.value.manifest.files.map((file) => {
    const key = backupKey(candidate, file);
    return { file, live: homeOf(live, file), kept: homeOf(sinks, { ...file, key }) };
  });
  const homeless = pairs.filter((pair) => pair.live === null || pair.kept === null);
  return refuseOr(homelessProblems(homeless, { channel: recorded.value.manifest.channel, backup }), () => ({
    recorded: recorded.value,
    pairs: pairs.flatMap(({ file, live: at, kept: to }) =>
      at === null || to === null ? [] : [{ file, live: at, kept: to }],
    ),
  }));
}

function homelessProblems(
  pairs: readonly { readonly file: ManifestFile; readonly live: FileAt | null }[],
  names: { readonly channel: string; readonly backup: string },
): readonly AppProblem[] {
  const [first] = pairs;
  if (first === undefined) return [];
  const kind = kindOfCell(first.file.cell);
  const channel = first.live === null ? names.channel : names.backup;
  return [
    {
      kind: 'usage',
      code: 'backup-no-place',
      text: `${pairs.length} files, ${first.file.key} among them, cannot be kept: channel ${channel} has no store of objects that holds ${kind}. Give it one: signalbox config explain channels`,
    },
  ];
}

function noBackup(): AppProblem {
  return {
    kind: 'usage',
    code: 'no-backup',
    text: 'The train names no channel for backups. Name one: signalbox config explain promotion.backup',
  };
}

function edgeOf({ cell, repo, size, digest }: ManifestFile, ends: Pick<Edge, 'from' | 'to' | 'write'>): Edge {
  return { cell, repo, size, digest, ...ends };
}

function kept({ loaded }: App): string {
  return loaded.train.promotion.backup ?? 'backup';
}

export function filesText(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
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
  const seen = await readEdges(stores.value, edges);
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
