import type { PageDigests, PagePlace } from '../../domain/index-page.ts';
import { StoreKey } from '../../domain/store-key.ts';
import type { ListedObject, ReadableStore } from '../../ports/artifact-store.ts';
import { isDistribution, pageKeys } from '../../wheel/simple-index/index.ts';

/** What lies in a channel's place, as its listing tells: no object was asked for by itself. */
export interface ChannelListing {
  /** Wheels and source distributions, by their key. */
  readonly files: ReadonlyMap<string, ListedFile>;
  /** Everything else, by its key: pages and metadata files among it. */
  readonly others: ReadonlyMap<string, ListedObject>;
  readonly strange: readonly string[];
}

export interface ListedFile {
  /** '' for the place of the channel itself. */
  readonly folder: string;
  readonly name: string;
  readonly object: ListedObject;
}

/** Lists a channel; `except` are the beginnings of keys that are of other channels, whose places lie inside of this one: `test/`. */
export async function listChannel(store: ReadableStore, except: readonly string[]): Promise<ChannelListing> {
  const files = new Map<string, ListedFile>();
  const others = new Map<string, ListedObject>();
  const strange: string[] = [];
  let after: StoreKey | undefined;
  do {
    const from: StoreKey | undefined = after;
    after = undefined;
    for await (const page of store.list('', from)) {
      strange.push(...page.strange.filter((name) => !except.some((prefix) => name.startsWith(prefix))));
      after = sortPage(page.objects, { files, others, except });
      if (after !== undefined) break;
    }
  } while (after !== undefined);
  return { files, others, strange };
}

/** Where to go on listing when another channel's place was reached: behind all of it. */
function sortPage(
  objects: readonly ListedObject[],
  into: {
    readonly files: Map<string, ListedFile>;
    readonly others: Map<string, ListedObject>;
    readonly except: readonly string[];
  },
): StoreKey | undefined {
  for (const object of objects) {
    const other = into.except.find((prefix) => object.key.startsWith(prefix));
    // No key sorts behind the last code point there is.
    if (other !== undefined) return StoreKey.parse(`${other}\u{10FFFF}`);
    const { folder, name } = placeOf(object.key);
    if (isDistribution(name)) into.files.set(object.key, { folder, name, object });
    else into.others.set(object.key, object);
  }
  return undefined;
}

/** The folder and the name in a key. */
export function placeOf(key: string): { readonly folder: string; readonly name: string } {
  const slash = key.lastIndexOf('/');
  return { folder: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1) };
}

/** The digests of a page as the listing has them: null where a form is not there, undefined where it does not tell. */
export function listedDigests(
  { others }: ChannelListing,
  place: PagePlace,
): { readonly [Form in keyof PageDigests]: PageDigests[Form] | undefined } {
  const keys = pageKeys(place);
  const digest = (key: string): PageDigests['html'] | undefined => {
    const seen = others.get(key);
    return seen === undefined ? null : (seen.sha256 ?? undefined);
  };
  return { html: digest(keys.html), json: digest(keys.json) };
}

/** Places of pages of this project that are there, in whichever form. */
export function pagesOf({ others }: ChannelListing, project: string): readonly PagePlace[] {
  const folders = [...others.keys()].flatMap((key) => {
    const [, folder, of] = /^(?:(.*)\/)?([^/]+)\/index\.(?:html|json)$/.exec(key) ?? [];
    return of === project ? [folder ?? ''] : [];
  });
  return [...new Set(folders)].map((folder) => ({ folder, project }));
}
