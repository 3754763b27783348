import { kindOfCell } from '../../domain/artifact.ts';
import { copyStep, type Edge, type Reconciled } from '../../domain/edge.ts';
import type { Gate } from '../../domain/gate.ts';
import type { Manifest, ManifestFile } from '../../domain/manifest.ts';
import { sealPlan, type Plan } from '../../domain/plan/plan.ts';
import type { FileAt, PublishMetadataStep, PublishPageStep, ReadBackStep } from '../../domain/plan/step.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import { RepoKey } from '../../domain/repo.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { sinksOfKind, type Sink } from '../../domain/train/sinks.ts';
import type { Train } from '../../domain/train/train.ts';
import { tagOf } from '../../domain/version.ts';

/** A file with every place that it goes to. */
export interface Destined {
  readonly edges: readonly Edge[];
  /** Files that no place takes: the plan would be short by them. */
  readonly homeless: readonly ManifestFile[];
}

/** Exactly the files of the manifest, each to every place of the stable channels that holds its kind, under the key that it has. */
export function destine(
  { files }: Pick<Manifest, 'files'>,
  { homes, sinks }: { readonly homes: readonly Sink[]; readonly sinks: readonly Sink[] },
): Destined {
  const all = files.map((file) => {
    const kind = kindOfCell(file.cell);
    const [home] = stores(sinksOfKind(homes, kind));
    const targets = stores(sinksOfKind(sinks, kind));
    return { file, home, targets };
  });
  return {
    edges: all.flatMap(({ file, home, targets }) =>
      home === undefined ? [] : targets.map((sink) => edgeOf(file, at(home, file), sink)),
    ),
    homeless: all.flatMap(({ file, home, targets }) => (home === undefined || targets.length === 0 ? [file] : [])),
  };
}

function stores(sinks: readonly Sink[]): readonly Sink[] {
  return sinks.filter(({ store }) => store === 'object-store');
}

function at({ channel, place }: Sink, { key }: ManifestFile): FileAt {
  return { channel, place, key };
}

function edgeOf(file: ManifestFile, from: FileAt, sink: Sink): Edge {
  const { cell, repo, size, digest } = file;
  return { cell, repo, size, digest, from, to: at(sink, file), write: sink.write };
}

/** The waves of a promotion: files of core, files of what requires it, then metadata files, pages, root pages, and at last the look from outside. */
export const WAVES = { core: 0, others: 1, index: 2, readBack: 5 } as const;

export interface StableWork {
  readonly manifest: Manifest;
  readonly digest: Digest;
  readonly copies: Reconciled['copies'];
  readonly there: readonly Edge[];
  readonly index: readonly (PublishMetadataStep | PublishPageStep)[];
  /** What else people should know before they approve. */
  readonly notes: readonly string[];
}

export interface StableOrder {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly author: string;
  readonly gates: readonly Gate[];
}

/** The first of the two plans: into the stable channels and their mirrors. Null when all is there and listed. */
export function stablePlan(
  { manifest, digest, copies, there, index }: StableWork,
  { train, trainDigest, author, gates }: StableOrder,
): Plan | null {
  if (copies.length === 0 && index.length === 0) return null;
  const { release, candidate } = manifest;
  const core = new Set(reposOf(train, release).flatMap(({ key, entry }) => (entry.role === 'core' ? [key] : [])));
  const steps = copies.map((copy) =>
    copyStep(copy, {
      wave: core.has(copy.edge.repo) ? WAVES.core : WAVES.others,
      undo: 'take the file away again; who fetched it meanwhile has it',
      seen: true,
    }),
  );
  return sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose: 'stable',
    title: `Promote ${tagOf(candidate)} to ${[...new Set(copies.map(({ edge }) => edge.to.channel))].join(', ') || train.promotion.stable.join(', ')}: ${copies.length} ${copies.length === 1 ? 'file' : 'files'}`,
    author,
    trainDigest,
    gates: gates.map(({ id }) => id),
    assumes: [],
    phrase: null,
    manifest: digest,
    approvals: train.promotion.approvals,
    steps: [
      ...steps,
      ...index,
      ...readBacks([...copies.map(({ edge }) => edge), ...there], {
        wave: WAVES.readBack,
        repo: [...core][0] ?? RepoKey.parse(manifest.repos[0]?.repo),
      }),
    ],
  });
}

/** All files of each place, also those that were there before: that every one of them is public is what ends the plan. */
function readBacks(
  edges: readonly Edge[],
  { wave, repo }: { readonly wave: number; readonly repo: RepoKey },
): readonly ReadBackStep[] {
  const places = Map.groupBy(edges, ({ to }) => `${to.channel}#${to.place}`);
  return [...places].flatMap(([name, some]) => {
    const [first] = some;
    if (first === undefined) return [];
    const { channel, place } = first.to;
    return {
      kind: 'read-back',
      key: `read-back:${name}`,
      wave,
      reversible: 'yes',
      undo: 'nothing is changed by it',
      repo,
      channel,
      place,
      of: 'object-store',
      release: null,
      files: some.map(({ to, size, digest }) => ({ key: to.key, size, digest })),
    };
  });
}
