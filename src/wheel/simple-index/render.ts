import { isAscii } from './file.ts';
import { versionsOf } from './order.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import type { ProjectPage } from './page.ts';
import type { ProjectName } from './project-name.ts';

/** Content types of the two forms (PEP 691). */
export const INDEX_TYPES = {
  html: 'text/html; charset=utf-8',
  json: 'application/vnd.pypi.simple.v1+json',
} as const;

/** A page in both forms; the same page gives the same bytes. */
export interface RenderedPage {
  readonly html: string;
  readonly json: string;
}

/** The page of a project as HTML (PEP 503, 592, 658, 714). */
export function renderProjectHtml({ project, files }: ProjectPage): string {
  const title = `Links for ${project}`;
  return htmlPage(title, `    <h1>${title}</h1>\n${files.map(fileLink).join('')}`);
}

/** The page of a project as JSON (PEP 691, 700). Version 1.1 asks for the size of every file; without one it is 1.0. */
function renderProjectJson({ project, files }: ProjectPage): string {
  const isSized = files.every(({ size }) => size !== null);
  const head = `{"meta":{"api-version":"${isSized ? '1.1' : '1.0'}"},"name":${quoted(project)}`;
  const versions = isSized ? `,"versions":${JSON.stringify(versionsOf(files))}` : '';
  return `${head}${versions},"files":[${files.map(fileObject).join(',')}]}\n`;
}

export function renderProject(page: ProjectPage): RenderedPage {
  return { html: renderProjectHtml(page), json: renderProjectJson(page) };
}

/** The root page: every project once, sorted. */
export function renderRoot(projects: readonly ProjectName[]): RenderedPage {
  const names = [...new Set(projects)].toSorted();
  const links = names.map((name) => `    <a href="${name}/">${name}</a><br>\n`).join('');
  const objects = names.map((name) => `{"name":"${name}"}`).join(',');
  return {
    html: htmlPage('Simple index', links),
    json: `{"meta":{"api-version":"1.1"},"projects":[${objects}]}\n`,
  };
}

function htmlPage(title: string, body: string): string {
  return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="1.1">
    <title>${title}</title>
  </head>
  <body>
${body}  </body>
</html>
`;
}

function fileLink(file: IndexFile): string {
  const { name, url, digest, requiresPython, metadata, yanked } = file;
  const hash = digest === null ? '' : `#${equalSigned(digest)}`;
  const python = requiresPython === null ? '' : ` data-requires-python="${escaped(requiresPython)}"`;
  const beside =
    metadata === null ? '' : ` data-core-metadata="${metadata === 'unhashed' ? 'true' : equalSigned(metadata)}"`;
  const reason = yanked === null ? '' : ` data-yanked="${escaped(yanked)}"`;
  return `    <a href="${escaped(url)}${hash}"${python}${beside}${reason}>${escaped(name)}</a><br>\n`;
}

/** `sha256:…` as addresses and attributes write it. */
function equalSigned(digest: string): string {
  return digest.replace(':', '=');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  // Most texts need nothing, and a page has hundreds of them.
  return /[&<>"]/.test(text) ? text.replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign) : text;
}

// Written by hand: a page of some hundred files is rendered for every wheel that comes, and JSON.stringify of objects takes twice as long.
function fileObject(file: IndexFile): string {
  const { name, url, digest, size, requiresPython, metadata, yanked, uploadedAt } = file;
  const hashes = digest === null ? '{}' : hashObject(digest);
  const beside = metadata === null ? '' : `,"core-metadata":${metadata === 'unhashed' ? 'true' : hashObject(metadata)}`;
  const python = requiresPython === null ? '' : `,"requires-python":${quoted(requiresPython)}`;
  const bytes = size === null ? '' : `,"size":${size}`;
  const upload = uploadedAt === null ? '' : `,"upload-time":${quoted(uploadedAt)}`;
  const reason = yanked === null ? '' : `,"yanked":${yanked === '' ? 'true' : quoted(yanked)}`;
  return `{"filename":${quoted(name)},"url":${quoted(url)},"hashes":${hashes}${python}${bytes}${upload}${beside}${reason}}`;
}

function hashObject(digest: string): string {
  return `{"sha256":"${digest.slice('sha256:'.length)}"}`;
}

function quoted(text: string): string {
  return isAscii(text) && !/["\\]/.test(text) ? `"${text}"` : JSON.stringify(text);
}
