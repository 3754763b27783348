import { z } from 'zod';
import { CellKey } from './artifact.ts';
import { Digest, digestOf } from './canonical-json.ts';
import { ObjectId } from './git-names.ts';
import { RepoKey } from './repo.ts';
import { StoreKey } from './store-key.ts';
import { ChannelName } from './train/channels.ts';
import { CandidateVersion, ReleaseVersion } from './version.ts';

/** A repository in a manifest: which of its own candidates its files are built from. */
const ManifestRepo = z.strictObject({ repo: RepoKey, candidate: CandidateVersion, commit: ObjectId });
export type ManifestRepo = z.infer<typeof ManifestRepo>;

/** The job that built a file, where the forge tells it. */
const BuildRun = z.strictObject({ job: z.string(), link: z.string().nullable() });
export type BuildRun = z.infer<typeof BuildRun>;

/** One file of a candidate: the cell it fills, and what it is, byte for byte. */
export const ManifestFile = z.strictObject({
  cell: CellKey,
  repo: RepoKey,
  /** Below the address of the place: `cu126/torch-2.7.0+cu126-….whl`. */
  key: StoreKey,
  size: z.int().min(1),
  digest: Digest,
  run: BuildRun.nullable(),
  /** What a wheel requires, each requirement spelled the one way, in order; null for what is no wheel, or cannot be read as one. */
  requires: z.array(z.string().max(4000)).max(2000).nullable(),
});
export type ManifestFile = z.infer<typeof ManifestFile>;

/** What a candidate consists of. Two manifests with the same digest are the same files, whenever and by whomever they were read. */
export const Manifest = z.strictObject({
  schema: z.literal('signalbox.manifest/1'),
  train: z.string().min(1),
  release: ReleaseVersion,
  /** The train's candidate: that of core. */
  candidate: CandidateVersion,
  channel: ChannelName,
  /** By repository, in the order of the alphabet. */
  repos: z.array(ManifestRepo).min(1),
  /** By cell, in the order of the alphabet. */
  files: z.array(ManifestFile).min(1),
});
export type Manifest = z.infer<typeof Manifest>;

/** A manifest in its one order, so that its digest is of what it says and not of how it was read. */
export function sealManifest(draft: Omit<Manifest, 'schema'>): {
  readonly manifest: Manifest;
  readonly digest: Digest;
} {
  const manifest = Manifest.parse({
    schema: 'signalbox.manifest/1',
    ...draft,
    repos: draft.repos.toSorted((left, right) => byText(left.repo, right.repo)),
    files: draft.files.toSorted((left, right) => byText(left.cell, right.cell)),
  });
  return { manifest, digest: manifestDigest(manifest) };
}

function manifestDigest(manifest: Manifest): Digest {
  return digestOf(manifest);
}

/** How two manifests differ, cell by cell. */
export interface ManifestDifference {
  readonly added: readonly ManifestFile[];
  readonly removed: readonly ManifestFile[];
  readonly changed: readonly { readonly before: ManifestFile; readonly after: ManifestFile }[];
  readonly same: readonly ManifestFile[];
}

/** A requirement that files of two manifests do not share. */
export interface RequirementChange {
  readonly requirement: string;
  readonly change: 'added' | 'removed';
  readonly cells: readonly CellKey[];
}

/** Requirements that came or went in cells that both manifests have. */
export function requirementChanges({ changed }: Pick<ManifestDifference, 'changed'>): readonly RequirementChange[] {
  const changes = new Map<string, RequirementChange>();
  const note = (change: RequirementChange['change'], requirement: string, cell: CellKey): void => {
    const key = `${change} ${requirement}`;
    const cells = changes.get(key)?.cells ?? [];
    changes.set(key, { requirement, change, cells: [...cells, cell] });
  };
  for (const { before, after } of changed) {
    if (before.requires === null || after.requires === null) continue;
    for (const each of before.requires) if (!after.requires.includes(each)) note('removed', each, after.cell);
    for (const each of after.requires) if (!before.requires.includes(each)) note('added', each, after.cell);
  }
  return [...changes.values()].toSorted((left, right) => byText(left.requirement, right.requirement));
}

export function compareManifests(before: Pick<Manifest, 'files'>, after: Pick<Manifest, 'files'>): ManifestDifference {
  const had = new Map(before.files.map((file) => [file.cell, file]));
  const has = new Set(after.files.map(({ cell }) => cell));
  const pairs = after.files.map((file) => ({ before: had.get(file.cell), after: file }));
  return {
    added: pairs.flatMap((pair) => (pair.before === undefined ? [pair.after] : [])),
    removed: before.files.filter(({ cell }) => !has.has(cell)),
    changed: pairs.flatMap((pair) =>
      pair.before === undefined || pair.before.digest === pair.after.digest
        ? []
        : [{ before: pair.before, after: pair.after }],
    ),
    same: pairs.flatMap((pair) => (pair.before?.digest === pair.after.digest ? [pair.after] : [])),
  };
}

/** The file's own name. */
export function fileNameOf({ key }: Pick<ManifestFile, 'key'>): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
