import { Digest } from '../../domain/canonical-json.ts';
import { compareKeys, StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError, type ListedObject, type ListedPage } from '../../ports/artifact-store.ts';
import { explainIndex, LARGEST_PAGE, readHtmlLinks, type Anchor } from '../../wheel/simple-index/index.ts';
import { httpDocument, type DocumentTools, type HttpDocument } from '../http/document.ts';
import { slots } from '../http/slots.ts';

const PAGE = 1000;
const AT_ONCE = 8;
/** Pages below one another: `whl/`, its accelerators, their projects. */
const MOST_DEPTH = 4;
const MOST_PAGES = 20_000;
const MOST_OBJECTS = 1_000_000;
const MOST_STRANGE = 1000;

export interface WebPlace {
  /** Ends with a slash. */
  readonly root: URL;
  readonly tools: DocumentTools;
}

interface Found {
  readonly objects: Map<StoreKey, ListedObject>;
  readonly strange: Set<string>;
  readonly pages: Set<string>;
}

/** What lies below `prefix`, by the links of the pages that lead there. All of it is read before the first is given, since links have no order. */
export async function* listing(place: WebPlace, prefix: string, after: string): AsyncGenerator<ListedPage> {
  const found: Found = { objects: new Map(), strange: new Set(), pages: new Set() };
  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  await visit(place, found, { folders: [start], prefix, depth: 1 });
  const objects = [...found.objects.values()]
    .filter(({ key }) => key.startsWith(prefix) && compareKeys(key, after) > 0)
    .toSorted((left, right) => compareKeys(left.key, right.key));
  const strange = [...found.strange];
  for (let at = 0; at < Math.max(objects.length, strange.length > 0 ? 1 : 0); at += PAGE) {
    yield { objects: objects.slice(at, at + PAGE), strange: at === 0 ? strange : [] };
  }
}

interface Level {
  readonly folders: readonly string[];
  readonly prefix: string;
  readonly depth: number;
}

/** Reads the pages of one level, several at once, then those they lead to. */
async function visit(place: WebPlace, found: Found, { folders, prefix, depth }: Level): Promise<void> {
  const fresh = folders.filter((folder) => !found.pages.has(folder));
  if (fresh.length === 0) return;
  for (const folder of fresh) found.pages.add(folder);
  const isTooMuch = found.pages.size > MOST_PAGES || found.objects.size > MOST_OBJECTS || depth > MOST_DEPTH;
  if (isTooMuch)
    throw new ArtifactStoreError('unexpected-answer', `${place.root.href} leads to more pages than are read`);
  const allowed = slots(AT_ONCE);
  const below = await Promise.all(fresh.map((folder) => allowed.run(() => readFolder(place, found, folder))));
  const leading = below.flat().filter((folder) => folder.startsWith(prefix) || prefix.startsWith(folder));
  await visit(place, found, { folders: [...new Set(leading)], prefix, depth: depth + 1 });
}

/** Takes in the links of one page; returns the folders that it leads to. */
async function readFolder(place: WebPlace, found: Found, folder: string): Promise<readonly string[]> {
  const url = new URL(folder.split('/').map(encodeURIComponent).join('/'), place.root);
  const document = await httpDocument({ url, accept: 'text/html', most: LARGEST_PAGE }, place.tools);
  if (document === null) {
    // Of the root it is a wrong address, and "nothing is there" would be believed.
    if (folder === '') throw new ArtifactStoreError('missing', `${url.href} is not there`);
    return [];
  }
  const folders: string[] = [];
  for (const anchor of linksIn(document)) {
    const link = linkOf(place, document, anchor);
    if (link.kind === 'folder') folders.push(link.folder);
    if (link.kind === 'object') found.objects.set(link.object.key, link.object);
    if (link.kind === 'strange' && found.strange.size < MOST_STRANGE) found.strange.add(link.text);
  }
  return folders;
}

function linksIn({ bytes, contentType, url }: HttpDocument): readonly Anchor[] {
  const wrong = (why: string): ArtifactStoreError => new ArtifactStoreError('unexpected-answer', `${url.href}: ${why}`);
  if (!/^(text\/html|application\/vnd\.pypi\.simple\.v1\+html)\b/i.test(contentType)) {
    throw wrong(`“${contentType.slice(0, 80)}” is no page of links`);
  }
  const links = readHtmlLinks(new TextDecoder().decode(bytes));
  if (!links.ok) throw wrong(links.problems.map(explainIndex).join('; '));
  const { anchors, base } = links.value;
  if (base === null || !URL.canParse(base, url.href)) return anchors;
  const above = new URL(base, url);
  return anchors.map((anchor) => {
    const isOne = URL.canParse(anchor.href, above.href);
    return isOne ? { ...anchor, href: new URL(anchor.href, above).href } : anchor;
  });
}

type Link =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'object'; readonly object: ListedObject }
  | { readonly kind: 'strange'; readonly text: string }
  | { readonly kind: 'elsewhere' };

/** What a link leads to. Ways up and out are no part of the store; what lies in it and cannot be named is told. */
function linkOf({ root }: WebPlace, document: HttpDocument, { href }: Anchor): Link {
  if (!URL.canParse(href, document.url.href)) return { kind: 'strange', text: href.slice(0, 200) };
  const url = new URL(href, document.url);
  if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname)) return { kind: 'elsewhere' };
  const path = decoded(url.pathname.slice(root.pathname.length));
  if (path === '' || url.search !== '') return { kind: 'elsewhere' };
  const isFolder = path?.endsWith('/') ?? false;
  const key = StoreKey.safeParse(isFolder ? path?.slice(0, -1) : path);
  if (!key.success) return { kind: 'strange', text: href.slice(0, 200) };
  if (isFolder) return { kind: 'folder', folder: `${key.data}/` };
  return { kind: 'object', object: { key: key.data, size: null, etag: null, sha256: digestIn(url), modified: null } };
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    // An escape that is none: no name.
    return null;
  }
}

function digestIn({ hash }: URL): Digest | null {
  const [, hex = ''] = /(?:^#|&)sha256=([0-9a-f]{64})(?:&|$)/i.exec(hash) ?? [];
  const digest = Digest.safeParse(`sha256:${hex.toLowerCase()}`);
  return digest.success ? digest.data : null;
}
