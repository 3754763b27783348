import type { Digest } from '../../domain/canonical-json.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { StoreKey } from '../../domain/store-key.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import {
  metadataKey,
  pageKeys,
  projectIn,
  readContent,
  readMetadataFile,
  type ChannelFile,
  type PageForms,
} from '../../wheel/simple-index/index.ts';
import type { ChannelListing, ListedFile } from './listing.ts';
import type { ChannelIndexProblem } from './problem.ts';

/** What is known of the files of a channel beside its listing. */
export interface KnownFiles {
  /** What files must be, by their key: of a manifest, or of what is being promoted. */
  readonly expected: ReadonlyMap<string, { readonly digest: Digest; readonly size: number }>;
  /** Files that are yanked, or no longer, with the reason; others stay as they are listed. */
  readonly yanked: ReadonlyMap<string, string | null>;
}

/** A wheel whose metadata file is to be written, or is there and not as it should be. */
export interface MetadataToWrite {
  readonly folder: string;
  readonly wheel: string;
  readonly digest: Digest;
  /** What lies there now; null for nothing. */
  readonly before: Digest | null;
}

export interface FileFacts {
  readonly files: readonly ChannelFile[];
  readonly metadata: readonly MetadataToWrite[];
}

/** Requests to one store at once. */
export const IN_FLIGHT = 16;

interface Reading {
  readonly store: ReadableStore;
  readonly listing: ChannelListing;
  readonly known: KnownFiles;
  /** What the pages over all folders said before, by file name. */
  readonly before: ReadonlyMap<string, IndexFile>;
}

/**
 * What an index has to say of each file. Of files that were listed before it is what was said then; only new ones, and those without their metadata
 * file, are read, and of them only METADATA.
 */
export async function readFacts(
  store: ReadableStore,
  listing: ChannelListing,
  known: KnownFiles,
): Promise<Result<FileFacts, ChannelIndexProblem>> {
  const reading = { store, listing, known, before: await readBefore(store, listing) };
  const read = await inLanes([...listing.files.values()], IN_FLIGHT, (file) => factsOf(reading, file));
  const problems = [
    ...listing.strange.map((name): ChannelIndexProblem => ({ code: 'index-strange-name', store: store.name, name })),
    ...read.flatMap((one) => (one.ok ? [] : one.problems)),
  ];
  return refuseOr(problems, () => ({
    files: read.flatMap((one) => (one.ok ? [one.value.file] : [])),
    metadata: read.flatMap((one) => (one.ok && one.value.metadata !== null ? [one.value.metadata] : [])),
  }));
}

/** The files of the pages over all folders: one page for each project. What cannot be read tells nothing; it is told when the page is to be changed. */
async function readBefore(store: ReadableStore, listing: ChannelListing): Promise<ReadonlyMap<string, IndexFile>> {
  const projects = [...new Set([...listing.files.values()].flatMap(({ name }) => projectIn(name) ?? []))];
  const pages = await inLanes(projects, IN_FLIGHT, async (project) => {
    const place = { folder: '', project };
    const content = readContent(place, await readForms(store, listing, pageKeys(place)));
    return content.ok && content.value?.of === 'project' ? content.value.page.files : [];
  });
  return new Map(pages.flat().map((file) => [file.name, file]));
}

/** The bytes of both forms of a page, each of the state that the listing saw. */
export async function readForms(
  store: ReadableStore,
  listing: ChannelListing,
  keys: ReturnType<typeof pageKeys>,
): Promise<PageForms> {
  const read = async (key: string): Promise<Uint8Array | null> => {
    const seen = listing.others.get(key);
    if (seen === undefined) return null;
    return readWhole(store, key, seen.etag ?? undefined);
  };
  const [json, html] = await Promise.all([read(keys.json), read(keys.html)]);
  return { json, html };
}

/** More than the largest page that is read: the end tells the size, and the rest comes with it. */
const PAGE_TAIL = 33 * 1024 * 1024;

async function readWhole(store: ReadableStore, key: string, etag?: string): Promise<Uint8Array> {
  const { bytes } = await store.source(StoreKey.parse(key), etag).tail(PAGE_TAIL);
  return bytes;
}

interface Fact {
  readonly file: ChannelFile;
  readonly metadata: MetadataToWrite | null;
}

async function factsOf(reading: Reading, listed: ListedFile): Promise<Result<Fact, ChannelIndexProblem>> {
  const { before, known } = reading;
  const { folder, name, object } = listed;
  const said = before.get(name) ?? null;
  const digest = await digestOf(reading, listed, said);
  if (!digest.ok) return digest;
  const isOther = said !== null && said.digest !== null && said.digest !== digest.value;
  const same = isOther ? null : said;
  const yanked = known.yanked.get(name);
  const file = {
    name,
    digest: digest.value,
    size: object.size ?? same?.size ?? null,
    yanked: yanked === undefined ? (same?.yanked ?? null) : yanked,
    uploadedAt: same === null ? object.modified : same.uploadedAt,
  };
  if (same !== null && !needsMetadata(reading, listed, same)) {
    const { requiresPython, metadata } = same;
    return succeed({ file: { folder, file: { ...file, requiresPython, metadata } }, metadata: null });
  }
  if (!name.endsWith('.whl')) {
    return succeed({ file: { folder, file: { ...file, requiresPython: null, metadata: null } }, metadata: null });
  }
  return withMetadata(reading, listed, file);
}

/** The digest of a file: of the store's record, of what is expected, of the page before; read from the bytes only where nobody ever said it. */
async function digestOf(
  { store, known }: Reading,
  { object }: ListedFile,
  said: IndexFile | null,
): Promise<Result<Digest, ChannelIndexProblem>> {
  const wanted = known.expected.get(object.key);
  const expected = wanted?.digest ?? null;
  if (wanted !== undefined && object.size !== null && object.size !== wanted.size) {
    return refuse({
      code: 'index-file-other',
      file: object.key,
      expected: `${wanted.size} bytes`,
      stored: `${object.size} bytes`,
    });
  }
  if (expected !== null && object.sha256 !== null && expected !== object.sha256) {
    return refuse({ code: 'index-file-other', file: object.key, expected, stored: object.sha256 });
  }
  // A page's word holds for the file that it was given for: one of another size is another file.
  const isOfSize = said !== null && (said.size === null || object.size === null || said.size === object.size);
  const claimed = object.sha256 ?? expected ?? (isOfSize ? said.digest : null);
  if (claimed !== null) return succeed(claimed);
  const looked = await store.look(object.key);
  if (looked === null) return refuse({ code: 'index-file-gone', file: object.key });
  if (looked.sha256 !== null) return succeed(looked.sha256);
  const digest = runningDigest();
  for await (const piece of store.source(object.key, looked.etag).stream(0, looked.size)) {
    digest.add(piece);
  }
  return succeed(digest.digest());
}

/** Whether the metadata file has to be written again: it was announced and is gone or another, or the file is one of those that are published now. */
function needsMetadata({ listing, known }: Reading, { folder, name, object }: ListedFile, said: IndexFile): boolean {
  if (!name.endsWith('.whl')) return false;
  const there = listing.others.get(metadataKey(folder, name));
  if (said.metadata === null || said.metadata === 'unhashed') return known.expected.has(object.key);
  return there === undefined || (there.sha256 !== null && there.sha256 !== said.metadata);
}

async function withMetadata(
  { store, listing }: Reading,
  { folder, name, object }: ListedFile,
  file: Omit<ChannelFile['file'], 'requiresPython' | 'metadata'>,
): Promise<Result<Fact, ChannelIndexProblem>> {
  const read = await readMetadataFile(store.source(object.key, object.etag ?? undefined));
  if (!read.ok) return refuse({ code: 'index-file-unreadable', file: object.key, problem: read.problems[0] });
  const { digest, requiresPython } = read.value;
  const key = metadataKey(folder, name);
  const there = listing.others.get(key);
  const before = there === undefined ? null : (there.sha256 ?? (await digestOfObject(store, key)));
  return succeed({
    file: { folder, file: { ...file, requiresPython, metadata: digest } },
    metadata: before === digest ? null : { folder, wheel: name, digest, before },
  });
}

async function digestOfObject(store: ReadableStore, key: string): Promise<Digest> {
  const digest = runningDigest();
  digest.add(await readWhole(store, key));
  return digest.digest();
}
