import { z } from 'zod';
import { CellKey } from './artifact.ts';
import { Digest } from './canonical-json.ts';
import { RepoKey } from './repo.ts';
import { CandidateVersion, ReleaseVersion } from './version.ts';

/** An accelerator that a package of a release is built for. */
const CompatibleAccelerator = z.strictObject({
  name: z.string().describe('As in folders and local versions: cu126.'),
  title: z.string().describe('As the support matrix says it: CUDA.'),
  version: z.string().nullable().describe('12.6; null where it is built without versions.'),
  companion: z.string().nullable().describe('Version of the library that it is built with, as CuDNN; null for none.'),
  stage: z.enum(['stable', 'experimental']).describe('Whether it is promised.'),
});

/** One package of a release, with what it goes together with. */
const CompatiblePackage = z.strictObject({
  package: z.string(),
  repo: RepoKey,
  version: z.string().describe('Its public version, without a local part.'),
  companions: z.record(z.string(), z.string()).describe('Version of every other package of the release, by its name.'),
  requires: z
    .array(z.string())
    .nullable()
    .describe('What its wheels require of packages of the train, word for word; null while no file was recorded.'),
  pythons: z.array(z.strictObject({ name: z.string(), stage: z.enum(['stable', 'experimental']) })),
  platforms: z.array(z.string()).describe('linux-x86_64 and the like; empty for files that run everywhere.'),
  accelerators: z.array(CompatibleAccelerator),
  cells: z.array(CellKey).describe('Every file it has, by its cell.'),
});

/** What goes together in a release, for machines (docs/compatibility.md). A member is never given another meaning under the same `schema`. */
export const Compatibility = z.strictObject({
  schema: z.literal('signalbox.compatibility/1'),
  train: z.string(),
  release: ReleaseVersion,
  basis: z
    .enum(['recorded', 'expected'])
    .describe(
      'recorded: of the files of a candidate. expected: of the train file alone, as long as none was recorded.',
    ),
  candidate: CandidateVersion.nullable().describe('The candidate whose files were recorded.'),
  manifest: Digest.nullable().describe('Digest of its manifest.'),
  python: z.strictObject({
    from: z.string(),
    to: z.string(),
    exclude: z.array(z.string()),
    experimental: z.array(z.string()),
  }),
  systems: z.array(
    z.strictObject({
      family: z.string(),
      architectures: z.array(z.string()),
      floor: z.strictObject({ what: z.string(), version: z.string() }).nullable(),
      platformTag: z.string().nullable(),
    }),
  ),
  packages: z.array(CompatiblePackage),
});
export type Compatibility = z.infer<typeof Compatibility>;
