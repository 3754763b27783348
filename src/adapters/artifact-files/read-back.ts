import { inLanes } from '../../domain/in-lanes.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import type { FileFacts } from '../../ports/artifact-files.ts';
import type { PublicPage } from '../../ports/public-channel.ts';
import {
  disagreements,
  explainIndex,
  isDistribution,
  projectIn,
  ProjectName,
  readProjectPage,
  type ReadPage,
} from '../../wheel/simple-index/index.ts';
import type { FilePlace } from './place.ts';

/** Requests at once. */
const AT_ONCE = 32;

export type FileToRead = FileFacts & { readonly key: StoreKey };

/** Why files are not as everybody is to see them; empty when all is well. */
export async function readBack(place: FilePlace, files: readonly FileToRead[]): Promise<readonly string[]> {
  const found = await inLanes(files, AT_ONCE, (file) => lookOutside(place, file));
  const { index } = place;
  const listed = index === null ? [] : await readIndex(index, files);
  return [...found.flat(), ...listed];
}

/** The file through the place's public address. Where that tells no digest, the record of the store does. */
async function lookOutside(
  { outside, store }: FilePlace,
  { key, size, digest }: FileToRead,
): Promise<readonly string[]> {
  const seen = outside ?? store;
  const where = `${key} at ${seen.name}`;
  const there = await seen.look(key);
  if (there === null) return [`${where} is not there`];
  if (there.size !== size) return [`${where} has ${there.size} bytes, not ${size}`];
  const recorded = there.sha256 ?? (outside === null ? null : ((await store.look(key))?.sha256 ?? null));
  if (recorded === digest) return [];
  if (recorded !== null) return [`${where} has the digest ${recorded}, not ${digest}`];
  return [`${where} has no digest recorded: signalbox artifact repair records it`];
}

/** A page that has to list files: of one project, in one folder. */
interface PageToRead {
  readonly folder: string;
  readonly project: string;
  readonly files: readonly (FileToRead & { readonly name: string })[];
}

/** The pages of the files' own folders, and those over all folders. */
function pagesOf(files: readonly FileToRead[]): readonly PageToRead[] {
  const entries = files.flatMap((file) => {
    const slash = file.key.lastIndexOf('/');
    const [folder, name] = [file.key.slice(0, Math.max(0, slash)), file.key.slice(slash + 1)];
    const project = isDistribution(name) ? projectIn(name) : null;
    if (project === null) return [];
    return [...new Set([folder, ''])].map((one) => ({ folder: one, project, file: { ...file, name } }));
  });
  return [...Map.groupBy(entries, ({ folder, project }) => `${folder}\n${project}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return { folder: first.folder, project: first.project, files: group.map(({ file }) => file) };
  });
}

async function readIndex(
  index: NonNullable<FilePlace['index']>,
  files: readonly FileToRead[],
): Promise<readonly string[]> {
  const pages = await inLanes(pagesOf(files), AT_ONCE, (page) => readPage(index, page));
  return pages.flat();
}

async function readPage(
  { channel, address: root }: NonNullable<FilePlace['index']>,
  wanted: PageToRead,
): Promise<readonly string[]> {
  const way = [...wanted.folder.split('/'), wanted.project].filter((part) => part !== '');
  const address = `${root}${way.map((part) => `${encodeURIComponent(part)}/`).join('')}`;
  const [html, json] = await Promise.all([channel.page(address, 'html'), channel.page(address, 'json')]);
  const forms = { HTML: formOf(html, wanted), JSON: formOf(json, wanted) };
  const problems = Object.entries(forms).flatMap(([form, read]) =>
    typeof read === 'string' ? [`${address} (${form}): ${read}`] : missingIn(read, wanted, `${address} (${form})`),
  );
  if (problems.length > 0 || typeof forms.HTML === 'string' || typeof forms.JSON === 'string') return problems;
  const own = new Set(wanted.files.map(({ name }) => name));
  return disagreements(forms.HTML, forms.JSON)
    .filter(({ file }) => own.has(file))
    .map(
      ({ file, what, html: one, json: other }) =>
        `${address}: HTML and JSON differ in the ${what} of ${file}: ${one}, ${other}`,
    );
}

/** The page as read; a text where it cannot be. */
function formOf(page: PublicPage | null, { project }: PageToRead): ReadPage | string {
  if (page === null) return 'it is not there: publish the index of the channel';
  const read = readProjectPage(page, { project: ProjectName.parse(project), url: page.url });
  return read.ok ? read.value : explainIndex(read.problems[0]);
}

function missingIn({ page }: ReadPage, { files }: PageToRead, where: string): readonly string[] {
  const listed = new Map(page.files.map((file) => [file.name, file]));
  return files.flatMap(({ name, digest, size }) => {
    const entry = listed.get(name);
    if (entry === undefined) return [`${where} does not list ${name}`];
    if (entry.digest !== digest) return [`${where} lists ${name} as ${entry.digest ?? 'of no digest'}, not ${digest}`];
    return entry.size !== null && entry.size !== size
      ? [`${where} lists ${name} with ${entry.size} bytes, not ${size}`]
      : [];
  });
}
