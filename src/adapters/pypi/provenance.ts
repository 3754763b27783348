import { z } from 'zod';
import { inLanes } from '../../domain/in-lanes.ts';
import { PackageIndexError, type FileProvenance, type FilePublisher } from '../../ports/package-index.ts';
import type { HttpDocument } from '../http/document.ts';

const MOST_FILES = 20_000;
const MOST_BUNDLES = 100;
const AT_ONCE = 8;

/** Of the list of files what points to provenance (PEP 740): an address, null for none, and no such member where the index does not speak of it. */
const Listed = z.object({
  files: z.array(z.object({ filename: z.string(), provenance: z.string().max(4000).nullish() })).max(MOST_FILES),
});

const Name = z.string().max(500).nullish();

/** Identities of other kinds have members of their own, of which these are what people can compare. */
const Publisher = z.object({
  kind: z.string().min(1).max(100),
  repository: Name,
  workflow: Name,
  workflow_filepath: Name,
  environment: Name,
});

const Provenance = z.object({
  version: z.literal(1),
  attestation_bundles: z
    .array(z.object({ publisher: Publisher }))
    .min(1)
    .max(MOST_BUNDLES),
});

/** Reads one document below the index; null for one that is not there. */
export type ReadBelow = (url: URL) => Promise<HttpDocument | null>;

/** What the list of a project says of these files, and the provenance that it points to. */
export async function readProvenance(
  list: HttpDocument,
  files: readonly string[],
  read: ReadBelow,
): Promise<ReadonlyMap<string, FileProvenance>> {
  if (!list.contentType.includes('json')) return new Map(files.map((name) => [name, { told: 'nothing' }]));
  const wanted = new Set(files);
  const listed = parsed(Listed, list).files.filter(({ filename }) => wanted.has(filename));
  const told = await inLanes(listed, AT_ONCE, async ({ filename, provenance }) => {
    return [filename, await provenanceAt(provenance, { list, read })] as const;
  });
  return new Map(told);
}

async function provenanceAt(
  address: string | null | undefined,
  { list, read }: { readonly list: HttpDocument; readonly read: ReadBelow },
): Promise<FileProvenance> {
  if (address === undefined) return { told: 'nothing' };
  if (address === null) return { told: 'none' };
  const url = URL.canParse(address, list.url.href) ? new URL(address, list.url) : null;
  // The list is of the same index: an address elsewhere would have others vouch for its files.
  if (url === null || url.origin !== list.url.origin) {
    throw new PackageIndexError('unexpected-answer', `${list.url.href} points to provenance outside of the index`);
  }
  const document = await read(url);
  if (document === null) {
    throw new PackageIndexError('unexpected-answer', `${url.href} is not there, and the list of files points to it`);
  }
  const bundles = parsed(Provenance, document).attestation_bundles;
  return { told: 'publishers', publishers: bundles.map(({ publisher }) => publisherIn(publisher)) };
}

function named(text: string | null | undefined): string | null {
  return text === '' ? null : (text ?? null);
}

function publisherIn({
  kind,
  repository,
  workflow,
  workflow_filepath,
  environment,
}: z.infer<typeof Publisher>): FilePublisher {
  return {
    kind,
    repository: named(repository),
    workflow: named(workflow) ?? named(workflow_filepath),
    environment: named(environment),
  };
}

function parsed<Value>(schema: z.ZodType<Value>, { bytes, url }: HttpDocument): Value {
  try {
    const read = schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    if (read.success) return read.data;
    throw new PackageIndexError('unexpected-answer', `${url.href}: ${z.prettifyError(read.error).slice(0, 300)}`);
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    throw new PackageIndexError('unexpected-answer', `${url.href} is not JSON`, { cause: error });
  }
}
