import { z } from 'zod';
import { Digest } from './canonical-json.ts';
import { Instant } from './instant.ts';

/** One file on the page of a project in a package index. What the index does not tell is null. */
export const IndexFile = z.strictObject({
  /** The file's name as installers read it: `torch-2.7.0+cu126-cp313-cp313-manylinux_2_28_x86_64.whl`. */
  name: z.string(),
  /** Address of the file without a fragment; in our own pages relative to the page, so that a mirror can hold the same bytes. */
  url: z.string(),
  digest: Digest.nullable(),
  /** In bytes. */
  size: z.number().nullable(),
  requiresPython: z.string().nullable(),
  /** Digest of the metadata file beside it (PEP 658); `unhashed` when the index says that there is one, and not its digest. */
  metadata: z.union([Digest, z.literal('unhashed')]).nullable(),
  /** The reason, '' where none was given; null: not yanked. */
  yanked: z.string().nullable(),
  uploadedAt: Instant.nullable(),
});
export type IndexFile = Readonly<z.infer<typeof IndexFile>>;

/** A page of the index of a channel: of one project in one folder, or the root page of a folder, which names its projects. */
export const PagePlace = z.strictObject({
  /** Below the place of the channel: `cu126`; '' for the place itself, whose pages list the files of every folder. */
  folder: z.string(),
  /** Null for the root page. */
  project: z.string().nullable(),
});
export type PagePlace = Readonly<z.infer<typeof PagePlace>>;

/** The bytes of a page, in both its forms; null where a form is not there. */
export const PageDigests = z.strictObject({ html: Digest.nullable(), json: Digest.nullable() });
export type PageDigests = Readonly<z.infer<typeof PageDigests>>;

/** What a page gains and loses; a file that changes is among both. */
export const PageChange = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('project'), add: z.array(IndexFile), remove: z.array(IndexFile) }),
  z.strictObject({ of: z.literal('root'), add: z.array(z.string()), remove: z.array(z.string()) }),
]);
export type PageChange = z.infer<typeof PageChange>;
