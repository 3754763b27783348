import type { PagePlace } from '../../domain/index-page.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { refuse, refuseOr, type Result } from '../../domain/result.ts';
import { StoreKey } from '../../domain/store-key.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import {
  desiredPages,
  digestsOf,
  editOf,
  formOf,
  pageKeys,
  projectIn,
  readContent,
  renderContent,
  type ChannelFile,
  type DesiredPage,
  type PageContent,
  type PageEdit,
} from '../../wheel/simple-index/index.ts';
import { IN_FLIGHT, readFacts, readForms, type KnownFiles, type MetadataToWrite } from './facts.ts';
import { listChannel, listedDigests, pagesOf, type ChannelListing } from './listing.ts';
import type { ChannelIndexProblem } from './problem.ts';

export interface IndexRequest extends KnownFiles {
  readonly store: ReadableStore;
  /** Beginnings of keys that are of other channels, whose places lie inside of this one. */
  readonly except: readonly string[];
  /** Names of files that are no longer to be listed. */
  readonly removals: ReadonlySet<string>;
  /** Whether other bytes may lie under a name that is listed already. */
  readonly replaces: boolean;
  /** Whether it is looked at how pages are served, too: one request for each form of a page. */
  readonly types: boolean;
  /** Files that earlier steps of the same plan will have put there; their metadata files too. */
  readonly coming: readonly ChannelFile[];
}

/** What has to be done so that a channel's index says what lies there. */
export interface IndexWork {
  readonly metadata: readonly MetadataToWrite[];
  readonly edits: readonly PageEdit[];
  /** Pages that are as they should be. */
  readonly unchanged: number;
}

/**
 * Compares the index of a channel with what lies there. Read are the listing, the pages over all folders, the METADATA of new wheels, and the pages that
 * change: nothing for each object.
 */
export async function planIndex(request: IndexRequest): Promise<Result<IndexWork, ChannelIndexProblem>> {
  const { store, except, removals, replaces, types } = request;
  const listing = withoutRemoved(await listChannel(store, except), removals);
  const facts = await readFacts(store, listing, request);
  if (!facts.ok) return facts;
  const files = [...facts.value.files, ...request.coming.filter(({ file }) => !removals.has(file.name))];
  const desired = desiredPages(onlyOnce(files));
  if (!desired.ok) {
    const [first, ...rest] = desired.problems.map((problem): ChannelIndexProblem => ({
      code: 'index-files',
      store: store.name,
      problem,
    }));
    if (first !== undefined) return refuse(first, ...rest);
  }
  const pages = desired.ok ? desired.value : [];
  const comparing = { store, listing, removals, replaces, types };
  const emptied = emptiedPages(listing, pages, removals);
  const own = [...pages.filter(({ place }) => place.project !== null), ...emptied];
  const edits = await inLanes(own, IN_FLIGHT, (page) => compare(comparing, page));
  const roots = await inLanes(rootsOf(pages, emptied), IN_FLIGHT, (root) => compareRoot(comparing, root, emptied));
  const all = [...edits, ...roots];
  const problems = [...all.flatMap((edit) => (edit.ok ? [] : edit.problems)), ...unknownRemovals(request, edits)];
  return refuseOr(problems, () => {
    const changed = all.flatMap((edit) => (edit.ok && edit.value !== null ? [edit.value] : []));
    return { metadata: facts.value.metadata, edits: changed, unchanged: all.length - changed.length };
  });
}

/** A file that is there already and is to come is there already. */
function onlyOnce(files: readonly ChannelFile[]): readonly ChannelFile[] {
  return [...new Map(files.toReversed().map((one) => [`${one.folder}/${one.file.name}`, one])).values()];
}

function withoutRemoved(listing: ChannelListing, removals: ReadonlySet<string>): ChannelListing {
  const kept = [...listing.files].filter(([, { name }]) => !removals.has(name));
  return { ...listing, files: new Map(kept) };
}

interface EmptiedPage {
  readonly place: PagePlace;
  readonly content: null;
}

/** Pages of projects that lose their last file in a folder. */
function emptiedPages(
  listing: ChannelListing,
  pages: readonly DesiredPage[],
  removals: ReadonlySet<string>,
): readonly EmptiedPage[] {
  const projects = new Set([...removals].flatMap((name) => projectIn(name) ?? []));
  const wanted = new Set(pages.map(({ place }) => pageKeys(place).html));
  return [...projects]
    .flatMap((project) => pagesOf(listing, project))
    .filter((place) => !wanted.has(pageKeys(place).html))
    .map((place) => ({ place, content: null }));
}

interface Comparing {
  readonly store: ReadableStore;
  readonly listing: ChannelListing;
  readonly removals: ReadonlySet<string>;
  readonly replaces: boolean;
  readonly types: boolean;
}

type Edit = Result<PageEdit | null, ChannelIndexProblem>;

/** The edit of one page. A page whose listed digests are those it should have is not read. */
async function compare(
  { store, listing, removals, replaces, types }: Comparing,
  { place, content: desired }: { readonly place: PagePlace; readonly content: PageContent | null },
): Promise<Edit> {
  const [listed, wanted] = [listedDigests(listing, place), digestsOf(renderContent(desired))];
  const misserved = types && (await isMisserved(store, listing, place));
  if (listed.html === wanted.html && listed.json === wanted.json && !misserved) return { ok: true, value: null };
  const forms = await readForms(store, listing, pageKeys(place));
  const edit = editOf({ place, forms, desired, allowed: { removals, replaces }, misserved });
  if (edit.ok) return edit;
  const tell = (problem: (typeof edit.problems)[number]): ChannelIndexProblem => ({
    code: 'index-page',
    store: store.name,
    place,
    problem,
  });
  const [first, ...rest] = edit.problems;
  return refuse(tell(first), ...rest.map(tell));
}

/** Whether a form of the page lies there under a type that no installer takes for it. A form that is not there is served as nothing. */
async function isMisserved(store: ReadableStore, { others }: ChannelListing, place: PagePlace): Promise<boolean> {
  const keys = pageKeys(place);
  const looked = await Promise.all(
    (['html', 'json'] as const).map(async (form) => {
      const object = others.has(keys[form]) ? await store.look(StoreKey.parse(keys[form])) : null;
      return object !== null && formOf(object.contentType ?? '') !== form;
    }),
  );
  return looked.includes(true);
}

function rootsOf(pages: readonly DesiredPage[], emptied: readonly EmptiedPage[]): readonly DesiredPage[] {
  const roots = pages.filter(({ place }) => place.project === null);
  const bare = [...new Set(emptied.map(({ place }) => place.folder))].filter(
    (folder) => !roots.some(({ place }) => place.folder === folder),
  );
  return [
    ...roots,
    ...bare.map((folder): DesiredPage => ({ place: { folder, project: null }, content: { of: 'root', projects: [] } })),
  ];
}

/** A root page keeps the projects that this plan does not know: pages beside ours, of files that lie elsewhere. */
async function compareRoot(
  comparing: Comparing,
  { place, content }: DesiredPage,
  emptied: readonly EmptiedPage[],
): Promise<Edit> {
  const { store, listing } = comparing;
  const before = readContent(place, await readForms(store, listing, pageKeys(place)));
  const gone = new Set(emptied.filter((page) => page.place.folder === place.folder).map((page) => page.place.project));
  const kept =
    before.ok && before.value?.of === 'root' ? before.value.projects.filter((project) => !gone.has(project)) : [];
  const own = content.of === 'root' ? content.projects : [];
  const projects = [...new Set([...kept, ...own])].toSorted();
  const removals = new Set([...gone].filter((project) => project !== null));
  return compare({ ...comparing, removals }, { place, content: { of: 'root', projects } });
}

/** A removal that takes nothing away is a mistake in a name, and would look as if it were done. */
function unknownRemovals({ store, removals }: IndexRequest, edits: readonly Edit[]): readonly ChannelIndexProblem[] {
  const removed = new Set(
    edits.flatMap((edit) =>
      edit.ok && edit.value?.change.of === 'project' ? edit.value.change.remove.map(({ name }) => name) : [],
    ),
  );
  const hasProblems = edits.some((edit) => !edit.ok);
  if (hasProblems) return [];
  return [...removals]
    .filter((name) => !removed.has(name))
    .map((file) => ({ code: 'index-removal-unknown', store: store.name, file }));
}
