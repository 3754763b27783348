import { z } from 'zod';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { gather, gathering, oneLine, readDigest, readMoment, report, resolved, type Gathered } from './entry.ts';
import { inIndexOrder, versionPlaces } from './order.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import { shown } from './file.ts';
import type { ProjectPage } from './page.ts';
import type { IndexProblem } from './problem.ts';
import { projectName, type ProjectName } from './project-name.ts';
import { readHtmlLinks, type Anchor, type HtmlLinks } from './read-html.ts';

/** A page of a project as it was read. Files that no index can carry are left out of it and told as problems. */
export interface ReadPage {
  readonly page: ProjectPage;
  /** What the page itself says the versions are (PEP 700); HTML never says it. */
  readonly versions: readonly string[] | null;
  readonly problems: readonly IndexProblem[];
}

/** What reading a page takes besides its text. */
export interface PageContext {
  readonly project: ProjectName;
  /** The address it was read from, against which links are resolved; null keeps them as written. */
  readonly url: string | null;
}

/** Bytes as a server or a store gave them. */
export interface PageBytes {
  readonly bytes: Uint8Array;
  /** The content type, with or without parameters. */
  readonly contentType: string;
}

/** Larger pages are not read; the largest of the kind have some 10 MB. */
export const LARGEST_PAGE: number = 32 * 1024 * 1024;
const MOST_ENTRIES = 200_000;

/** Reads the page of a project in whichever form it came. */
export function readProjectPage(given: PageBytes, context: PageContext): Result<ReadPage, IndexProblem> {
  const form = formOf(given.contentType);
  if (form === null) return refuse({ code: 'not-known-type', contentType: shown(given.contentType) });
  const text = textOf(given.bytes);
  if (!text.ok) return text;
  return form === 'html' ? readProjectHtml(text.value, context) : readProjectJson(text.value, context);
}

/** The names on a root page, as written and in the one form, in whichever form the page came. */
export function readRoot({ bytes, contentType }: PageBytes): Result<readonly ProjectName[], IndexProblem> {
  const form = formOf(contentType);
  if (form === null) return refuse({ code: 'not-known-type', contentType: shown(contentType) });
  const text = textOf(bytes);
  if (!text.ok) return text;
  const written = form === 'html' ? htmlNames(text.value) : jsonNames(text.value);
  if (!written.ok) return written;
  const names: ProjectName[] = [];
  for (const one of written.value) {
    const name = projectName(one);
    if (name === null) return refuse({ code: 'bad-project-name', written: shown(one) });
    names.push(name);
  }
  return succeed([...new Set(names)].toSorted());
}

/** The form of a page that is served under a content type; null for a type that installers do not know. */
export function formOf(contentType: string): 'html' | 'json' | null {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (type === 'text/html' || type === 'application/vnd.pypi.simple.v1+html') return 'html';
  return type === 'application/json' || type === 'application/vnd.pypi.simple.v1+json' ? 'json' : null;
}

function textOf(bytes: Uint8Array): Result<string, IndexProblem> {
  if (bytes.length > LARGEST_PAGE) return refuse({ code: 'too-large', bytes: bytes.length, limit: LARGEST_PAGE });
  try {
    return succeed(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return refuse({ code: 'not-utf8' });
    throw error;
  }
}

/** Reads the page of a project from HTML (PEP 503, 592, 658, 714). */
export function readProjectHtml(html: string, { project, url }: PageContext): Result<ReadPage, IndexProblem> {
  const links = readLinks(html);
  if (!links.ok) return links;
  const base = links.value.base === null || url === null ? url : resolved(links.value.base, url);
  const found = gathering();
  for (const anchor of links.value.anchors) readAnchor(found, anchor, base);
  return succeed(readPage(project, found, null));
}

function readLinks(html: string): Result<HtmlLinks, IndexProblem> {
  const links = readHtmlLinks(html);
  if (!links.ok) return links;
  const { version } = links.value;
  return version === null || isKnown(version) ? links : refuse({ code: 'newer-version', version: shown(version) });
}

function isKnown(version: string): boolean {
  return /^1\.\d+$/.test(version);
}

function readPage(project: ProjectName, { files, problems }: Gathered, versions: ReadPage['versions']): ReadPage {
  const places = versionPlaces(files.map(({ name }) => name));
  return { page: { project, files: inIndexOrder(files, places) }, versions, problems };
}

function readAnchor(found: Gathered, { href, text: name, attribute }: Anchor, base: string | null): void {
  const fragment = /#(.*)$/s.exec(href)?.[1] ?? '';
  const url = resolved(href, base);
  if (url === null) {
    report(found, { code: 'bad-value', file: shown(name), member: 'url', value: shown(href) });
    return;
  }
  const python = attribute('data-requires-python');
  const yanked = attribute('data-yanked');
  gather(found, {
    name,
    url,
    digest: readDigest(found, hexIn(fragment.split('&')), { name }),
    size: null,
    requiresPython: python === null ? null : oneLine(python),
    metadata: htmlMetadata(found, name, attribute('data-core-metadata') ?? attribute('data-dist-info-metadata')),
    yanked: yanked === null ? null : oneLine(yanked),
    uploadedAt: null,
  });
}

function hexIn(pairs: readonly string[]): string | undefined {
  return pairs.find((pair) => pair.startsWith('sha256='))?.slice('sha256='.length);
}

function htmlMetadata(found: Gathered, name: string, written: string | null): IndexFile['metadata'] {
  if (written === null || written === 'false') return null;
  return readDigest(found, hexIn([written]), { name }) ?? 'unhashed';
}

const Hashes = z.record(z.string(), z.string());
const Beside = z.union([z.boolean(), Hashes]).nullish();
const Meta = z.object({ 'api-version': z.string() });

const JsonPage = z.object({
  meta: Meta,
  name: z.string(),
  files: z.array(z.unknown()),
  versions: z.array(z.string().max(200)).max(MOST_ENTRIES).nullish(),
});

const JsonFile = z.object({
  filename: z.string(),
  url: z.string(),
  hashes: Hashes,
  size: z.number().nullish(),
  'requires-python': z.string().nullish(),
  'upload-time': z.string().nullish(),
  yanked: z.union([z.boolean(), z.string()]).nullish(),
  'core-metadata': Beside,
  'dist-info-metadata': Beside,
});

/** Reads the page of a project from JSON (PEP 691, 700, 714). */
export function readProjectJson(text: string, { project, url }: PageContext): Result<ReadPage, IndexProblem> {
  const json = parsed(text, JsonPage);
  if (!json.ok) return json;
  const { name, files, versions } = json.value;
  if (files.length > MOST_ENTRIES) return refuse({ code: 'too-many', what: 'entries', limit: MOST_ENTRIES });
  if (projectName(name) !== project) return refuse({ code: 'other-project', written: shown(name), asked: project });
  const found = gathering();
  for (const file of files) readJsonFile(found, file, url);
  return succeed(readPage(project, found, versions ?? null));
}

function parsed<Value extends { readonly meta: z.infer<typeof Meta> }>(
  text: string,
  schema: z.ZodType<Value>,
): Result<Value, IndexProblem> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return refuse({ code: 'not-json', reason: shown(error.message) });
    throw error;
  }
  const page = schema.safeParse(json);
  if (!page.success) return refuse({ code: 'not-an-index', reason: reasonOf(page.error) });
  const version = page.data.meta['api-version'];
  return isKnown(version) ? succeed(page.data) : refuse({ code: 'newer-version', version: shown(version) });
}

function reasonOf({ issues: [first] }: z.ZodError): string {
  return first === undefined ? 'no reason given' : shown(`${first.path.join('.') || 'the whole'}: ${first.message}`);
}

function readJsonFile(found: Gathered, given: unknown, base: string | null): void {
  const file = JsonFile.safeParse(given);
  if (!file.success) {
    report(found, { code: 'not-an-index', reason: reasonOf(file.error) });
    return;
  }
  const { filename: name, size, yanked, hashes, ...rest } = file.data;
  const url = resolved(rest.url, base);
  const python = rest['requires-python'] ?? null;
  const upload = rest['upload-time'] ?? null;
  const uploadedAt = upload === null ? null : readMoment(upload);
  const wrong = url === null ? { member: 'url', value: rest.url } : null;
  const odd = upload !== null && uploadedAt === null ? { member: 'uploadedAt', value: upload } : null;
  for (const bad of [wrong, odd]) {
    if (bad !== null)
      report(found, { code: 'bad-value', file: shown(name), member: bad.member, value: shown(bad.value) });
  }
  if (url === null) return;
  gather(found, {
    name,
    url,
    digest: readDigest(found, sha256In(hashes), { name }),
    size: size ?? null,
    requiresPython: python === null ? null : oneLine(python),
    metadata: jsonMetadata(found, name, rest['core-metadata'] ?? rest['dist-info-metadata'] ?? false),
    // True without a reason; an empty text is as good as false there.
    yanked: yanked === true ? '' : typeof yanked === 'string' && yanked !== '' ? oneLine(yanked) : null,
    uploadedAt,
  });
}

function sha256In(hashes: Readonly<Record<string, string>>): string | undefined {
  return Object.hasOwn(hashes, 'sha256') ? hashes['sha256'] : undefined;
}

function jsonMetadata(
  found: Gathered,
  name: string,
  beside: boolean | Readonly<Record<string, string>>,
): IndexFile['metadata'] {
  if (typeof beside === 'boolean') return beside ? 'unhashed' : null;
  return readDigest(found, sha256In(beside), { name }) ?? 'unhashed';
}

const JsonRoot = z.object({ meta: Meta, projects: z.array(z.object({ name: z.string() })).max(MOST_ENTRIES) });

function jsonNames(text: string): Result<readonly string[], IndexProblem> {
  const root = parsed(text, JsonRoot);
  return root.ok ? succeed(root.value.projects.map(({ name }) => name)) : root;
}

function htmlNames(html: string): Result<readonly string[], IndexProblem> {
  const links = readLinks(html);
  return links.ok ? succeed(links.value.anchors.map(({ text }) => text)) : links;
}
