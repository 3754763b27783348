import type { IndexFile, PagePlace } from '../../domain/index-page.ts';
import { refuseOr, type Result } from '../../domain/result.ts';
import { nameAsUrl } from './file.ts';
import { compareText, versionPlaces, type VersionPlaces } from './order.ts';
import { projectPage, type ProjectPage } from './page.ts';
import type { IndexProblem } from './problem.ts';
import { projectName, type ProjectName } from './project-name.ts';

/** A file of a channel, with the folder of the channel that it lies in. */
export interface ChannelFile {
  /** `cu126`; '' for the place of the channel itself. */
  readonly folder: string;
  readonly file: Omit<IndexFile, 'url'>;
}

/** What a page says, whichever form it has. */
export type PageContent =
  | { readonly of: 'project'; readonly page: ProjectPage }
  | { readonly of: 'root'; readonly projects: readonly ProjectName[] };

/** Where the two forms of a page lie below the place of the channel. */
export function pageKeys({ folder, project }: PagePlace): { readonly html: string; readonly json: string } {
  const way = [folder, project ?? '']
    .filter((part) => part !== '')
    .map((part) => `${part}/`)
    .join('');
  return { html: `${way}index.html`, json: `${way}index.json` };
}

/** Where a file lies below the place of the channel. */
export function fileKey(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Where its metadata file lies: beside it (PEP 658). */
export function metadataKey(folder: string, name: string): string {
  return `${fileKey(folder, name)}.metadata`;
}

/** Whether an index lists the file: wheels and source distributions. */
export function isDistribution(name: string): boolean {
  return /\.(?:whl|tar\.gz)$/.test(name) && projectIn(name) !== null;
}

/** The project that a file is of; null for what is no distribution. */
export function projectIn(name: string): ProjectName | null {
  const written = writtenProject(name);
  return written === null ? null : projectName(written);
}

function writtenProject(name: string): string | null {
  if (!name.endsWith('.whl')) return /^(.+)-[^-]+\.tar\.gz$/.exec(name)?.[1] ?? null;
  const dash = name.indexOf('-');
  return name.slice(0, dash === -1 ? undefined : dash);
}

/** The link from a page to a file, relative, so that every mirror can hold the same page. */
function linkTo(page: PagePlace, { folder, file }: ChannelFile): string {
  const way = page.folder === folder ? '' : `${folder.split('/').map(nameAsUrl).join('/')}/`;
  return `../${way}${nameAsUrl(file.name)}`;
}

export interface DesiredPage {
  readonly place: PagePlace;
  readonly content: PageContent;
}

/**
 * The pages that a channel with these files has: of every project in every folder, of every project over all folders, and the root pages. Files of one
 * name in two folders are one file, and listed once over all; with two digests they are a problem.
 */
export function desiredPages(files: readonly ChannelFile[]): Result<readonly DesiredPage[], IndexProblem> {
  const groups = new Map<string, PageGroup>();
  const problems: IndexProblem[] = [];
  const nameOf = rememberedProjects();
  for (const one of files.toSorted((left, right) => compareText(left.folder, right.folder))) {
    const project = nameOf(one.file.name);
    if (project === null) {
      problems.push({ code: 'bad-file-name', file: one.file.name });
      continue;
    }
    // Pages of the place itself hold what is in every folder.
    for (const folder of one.folder === '' ? [''] : [one.folder, '']) {
      const key = `${folder}\n${project}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { folder, project, files: [one] });
      else group.files.push(one);
    }
  }
  const places = versionPlaces(files.map(({ file }) => file.name));
  const pages = [...groups.values()].flatMap((group) => {
    const page = groupPage(group, places);
    if (page.ok) return page.value;
    problems.push(...page.problems);
    return [];
  });
  const all = [...pages, ...rootPages(pages)];
  return refuseOr([...problems, ...samePages(all)], () => all);
}

/** `projectIn`, which reads each written name once: there are many files of few projects. */
function rememberedProjects(): (name: string) => ProjectName | null {
  const known = new Map<string, ProjectName | null>();
  return (name) => {
    const written = writtenProject(name) ?? '';
    const found = known.get(written);
    if (found !== undefined) return found;
    const project = projectIn(name);
    known.set(written, project);
    return project;
  };
}

interface PageGroup {
  readonly folder: string;
  readonly project: ProjectName;
  readonly files: ChannelFile[];
}

function groupPage({ folder, project, files }: PageGroup, places: VersionPlaces): Result<DesiredPage, IndexProblem> {
  const place = { folder, project };
  const byName = new Map<string, ChannelFile>();
  const problems: IndexProblem[] = [];
  for (const one of files) {
    const known = byName.get(one.file.name);
    if (known === undefined) byName.set(one.file.name, one);
    else if (known.folder === one.folder) problems.push({ code: 'listed-twice', file: one.file.name });
    else if (known.file.digest !== one.file.digest) {
      problems.push({ code: 'two-files', file: one.file.name, folders: [known.folder, one.folder] });
    }
  }
  const listed = [...byName.values()].map((one) => ({ ...one.file, url: linkTo(place, one) }));
  const page = projectPage(project, listed, places);
  if (!page.ok) return page;
  return refuseOr(problems, () => ({ place, content: { of: 'project', page: page.value } }));
}

function rootPages(pages: readonly DesiredPage[]): readonly DesiredPage[] {
  const byFolder = Map.groupBy(pages, ({ place }) => place.folder);
  return [...byFolder].map(([folder, inside]) => ({
    place: { folder, project: null },
    content: { of: 'root', projects: inside.flatMap(({ content }) => namesIn(content)).toSorted() },
  }));
}

/** A folder named as a project has a root page where the page of the project is. */
function samePages(pages: readonly DesiredPage[]): readonly IndexProblem[] {
  const byKey = Map.groupBy(pages, ({ place }) => pageKeys(place).html);
  return [...byKey].flatMap(([page, same]) => (same.length > 1 ? [{ code: 'same-page', page }] : []));
}

function namesIn(content: PageContent): readonly ProjectName[] {
  return content.of === 'project' ? [content.page.project] : content.projects;
}
