import type { Digest } from '../../../domain/canonical-json.ts';
import type { IndexFile, PagePlace } from '../../../domain/index-page.ts';
import { inLanes } from '../../../domain/in-lanes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, type Observed } from '../../../domain/observation.ts';
import type { Result } from '../../../domain/result.ts';
import { runningDigest } from '../../../domain/sha256.ts';
import type { PublicChannel } from '../../../ports/public-channel.ts';
import {
  ProjectName,
  projectIn,
  readProjectPage,
  type IndexProblem,
  type ReadPage,
} from '../../../wheel/simple-index/index.ts';
import type { FileToList, IndexFacts, ServedFile, ServedMetadata, ServedPage } from './facts.ts';

export interface IndexPorts {
  readonly channel: PublicChannel;
  /** Public address of the place, with a slash at its end. */
  readonly address: string;
  readonly files: readonly FileToList[];
  readonly now: Instant;
  /** Whether links to other files than these are followed too: a page of years has thousands. */
  readonly everyLink: boolean;
}

/** Requests to the channel at once. */
const LANES = 32;
/** The METADATA of no wheel is larger by far. */
const LARGEST_METADATA = 4 * 1024 * 1024;

/**
 * Reads the index as a client does: the pages that have to list the files, in both forms; links on them by their head; the metadata files of
 * the files whole, those of other wheels by their head.
 */
export async function readIndex({ channel, address, files, now, everyLink }: IndexPorts): Promise<IndexFacts> {
  const pages = await inLanes(placesOf(files), LANES, (place) => readPage({ channel, address, now }, place));
  const own = new Set(files.map(({ name }) => name));
  const entries = uniqueEntries(pages).filter(({ name }) => everyLink || own.has(name));
  const links = await inLanes(entries, LANES, async ({ url }): Promise<readonly [string, ServedFile]> => [
    url,
    { answer: await observe(url, now, () => channel.probe(url)) },
  ]);
  const announced = entries.filter(({ metadata }) => metadata !== null);
  const metadata = await inLanes(announced, LANES, async (entry): Promise<readonly [string, ServedMetadata]> => {
    const beside = metadataAddress(entry);
    return [beside, await observe(beside, now, () => readMetadata(channel, beside, own.has(entry.name)))];
  });
  return { address, files, pages, links: new Map(links), metadata: new Map(metadata) };
}

/** Where the metadata file of an entry is, by PEP 658. */
export function metadataAddress({ url }: IndexFile): string {
  return `${url}.metadata`;
}

/** The pages that list the files: of their projects in their folders, and over all folders. */
function placesOf(files: readonly FileToList[]): readonly PagePlace[] {
  const places = files.flatMap(({ folder, name }) => {
    const project = projectIn(name);
    return project === null ? [] : [folder, ''].map((one) => ({ folder: one, project }));
  });
  return [...new Map(places.map((place) => [`${place.folder}\n${place.project}`, place])).values()];
}

interface Reading {
  readonly channel: PublicChannel;
  readonly address: string;
  readonly now: Instant;
}

async function readPage({ channel, address: root, now }: Reading, place: PagePlace): Promise<ServedPage> {
  const way = [...place.folder.split('/'), place.project ?? ''].filter((part) => part !== '');
  const address = `${root}${way.map((part) => `${encodeURIComponent(part)}/`).join('')}`;
  const read = (form: 'html' | 'json'): Promise<Observed<Result<ReadPage, IndexProblem> | null>> =>
    observe(address, now, async () => {
      const page = await channel.page(address, form);
      if (page === null) return null;
      return readProjectPage(page, { project: ProjectName.parse(place.project), url: page.url });
    });
  const [html, json] = await Promise.all([read('html'), read('json')]);
  return { place, address, html, json };
}

/** Every entry of every page once by its address; what HTML and JSON say differently is for the comparison to tell. */
function uniqueEntries(pages: readonly ServedPage[]): readonly IndexFile[] {
  const entries = pages.flatMap(({ html, json }) =>
    [html, json].flatMap((form) => (form.known && form.value?.ok === true ? form.value.value.page.files : [])),
  );
  return [...new Map(entries.map((entry) => [entry.url, entry])).values()];
}

async function readMetadata(channel: PublicChannel, address: string, whole: boolean): Promise<Digest | true | null> {
  if (!whole) return (await channel.probe(address)) === null ? null : true;
  const bytes = await channel.file(address, LARGEST_METADATA);
  if (bytes === null) return null;
  const digest = runningDigest();
  digest.add(bytes);
  return digest.digest();
}
