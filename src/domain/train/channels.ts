import { z } from 'zod';
import { Size } from '../size.ts';
import { Line } from '../version.ts';

/** What a place of a channel holds. */
const ArtifactKind = z.enum(['wheel', 'libtorch', 'conda', 'docs', 'any']);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

/** What a package index takes. */
const IndexLimits = z.strictObject({
  file: Size.describe('Largest file: 100 MiB.'),
  project: Size.describe('All files of a package together: 10 GiB.'),
  raised: z
    .array(
      z.strictObject({
        package: z.string().min(1).describe('Name of the package.'),
        file: Size.optional().describe('Its largest file.'),
        project: Size.optional().describe('All its files together.'),
        ask: z.string().optional().describe('Where it was asked for.'),
      }),
    )
    .default([])
    .describe('Packages whose limits were raised.'),
});
export type IndexLimits = z.infer<typeof IndexLimits>;

/** How the server of an `s3://` address is reached. */
const StoreServer = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the server; otherwise that of Amazon in the region.'),
  region: z.string().min(1).default('us-east-1').describe('Region of the bucket; `auto` for servers that have none.'),
  pathStyle: z
    .boolean()
    .default(false)
    .describe("Whether the bucket is in the path of requests instead of the host's name."),
  credentials: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .optional()
    .describe(
      'Which keys it is asked with: `mirror` for SIGNALBOX_S3_MIRROR_ACCESS_KEY_ID and its secret. Otherwise SIGNALBOX_S3_ACCESS_KEY_ID.',
    ),
  nativeDigests: z
    .boolean()
    .default(true)
    .describe("Whether it is told SHA-256 digests in S3's own way too. False for servers that refuse that."),
});

/** Whose uploads an index vouches for (PEP 740). */
const ExpectedPublisher = z.strictObject({
  kind: z.string().min(1).max(100).default('GitHub').describe('What the index calls it: GitHub, GitLab.'),
  repository: z.string().min(1).describe('Repository whose jobs publish: owner/name.'),
  workflow: z.string().min(1).optional().describe('File of its workflow, release.yml; any where it is left out.'),
  environment: z.string().min(1).optional().describe('Environment of its job; any where it is left out.'),
  packages: z.array(z.string().min(1)).optional().describe('Packages that it publishes; all where it is left out.'),
});
export type ExpectedPublisher = z.infer<typeof ExpectedPublisher>;

/** One place where artifacts of a channel live. */
const ChannelPlace = z.strictObject({
  holds: ArtifactKind.describe('What lies there.'),
  store: z.enum(['object-store', 'package-index', 'conda']).describe('How it is spoken to.'),
  address: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Public address or store name. Left out where the store has only one, or where it is a secret of the environment.',
    ),
  origin: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where its objects lie, when the address is only how everybody reads them: s3://bucket/prefix, or a folder.',
    ),
  upload: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'For a package index: where files are uploaded to, by its legacy API. Otherwise SIGNALBOX_INDEX_…_UPLOAD.',
    ),
  server: StoreServer.optional().describe('How the server of an `s3://` address is reached.'),
  public: z.boolean().default(true).describe('Whether everybody can read it.'),
  limits: IndexLimits.optional().describe('For a package index: how large files and packages may be.'),
  publishers: z
    .array(ExpectedPublisher)
    .default([])
    .describe(
      'For a package index: who publishes there. A file that the index says somebody else published closes `staged-valid`.',
    ),
  since: Line.optional().describe('First line it is used for.'),
  until: Line.optional().describe('Last line it is used for.'),
});
export type ChannelPlace = z.infer<typeof ChannelPlace>;

/** A place artifacts live, with its write policy. */
export const Channel = z.strictObject({
  title: z.string().min(1).describe('Name that people read.'),
  write: z
    .enum(['replace', 'once', 'append'])
    .describe(
      'replace: a file may be written again. append: files are added, an existing one only with the same digest. once: what is written can never be replaced.',
    ),
  versions: z
    .enum(['release', 'nightly'])
    .default('release')
    .describe('release: files carry the version of the release. nightly: they carry the day they were built.'),
  places: z
    .array(ChannelPlace)
    .default([])
    .describe(
      'Where its artifacts lie; of several places for the same kind the first counts, the others are its mirrors.',
    ),
});
export type Channel = z.infer<typeof Channel>;

export const ChannelName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'not a channel name: lower-case letters, digits, dash' });
