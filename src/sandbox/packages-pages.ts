import { clean, rcompare } from '@renovatebot/pep440';
import { normalName, shownFiles, type PackagesStore, type StoredFile, type StoredRelease } from './packages-state.ts';

/** An answer with its body at hand, or none: nothing is there. */
export interface Page {
  readonly type: string;
  readonly body: string;
}

const HTML = 'application/vnd.pypi.simple.v1+html';
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

/** Which form of the simple API is asked for (PEP 691); null when none of those that it accepts is spoken. */
export function formAsked(accept: string | undefined): 'html' | 'json' | 'text' | null {
  const wanted = (accept ?? '*/*').split(',').map((each) => {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.flatMap((parameter) => /^q=(\d(?:\.\d{1,3})?)$/u.exec(parameter)?.[1] ?? [])[0];
    return { type, quality: Number(quality ?? 1) };
  });
  const qualityOf = (types: readonly string[]) =>
    Math.max(0, ...wanted.filter(({ type }) => types.includes(type)).map(({ quality }) => quality));
  const forms = [
    { form: 'text', quality: qualityOf(['text/html', 'text/*', '*/*']) },
    { form: 'json', quality: qualityOf([JSON_TYPE, 'application/vnd.pypi.simple.latest+json']) },
    { form: 'html', quality: qualityOf([HTML, 'application/vnd.pypi.simple.latest+html']) },
  ] as const;
  const best = forms.toSorted((left, right) => right.quality - left.quality)[0];
  return best === undefined || best.quality === 0 ? null : best.form;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Where a file is served, by its digest as the real one does it. */
export function filePath({ blake2, name }: StoredFile): string {
  const digest = `${blake2.slice(0, 2)}/${blake2.slice(2, 4)}/${blake2.slice(4)}`;
  return `/packages/${digest}/${encodeURIComponent(name)}`;
}

function provenancePath(file: StoredFile): string {
  return `/integrity/${file.project}/${file.version}/${encodeURIComponent(file.name)}/provenance`;
}

function yankOf(store: PackagesStore, file: StoredFile): string | null {
  return releaseOf(store, file.project, file.version)?.yanked ?? null;
}

export function releaseOf(store: PackagesStore, project: string, version: string): StoredRelease | null {
  return store.state().releases.find((each) => each.project === project && each.version === version) ?? null;
}

/** The page that installers read, of one project; null for one that is not there. */
export function simplePage(
  store: PackagesStore,
  web: string,
  name: string,
  form: 'html' | 'json' | 'text',
): Page | null {
  const project = store.state().projects.find(({ normal }) => normal === name);
  if (project === undefined) return null;
  const files = shownFiles(store, name);
  if (form !== 'json')
    return { type: form === 'text' ? 'text/html; charset=UTF-8' : HTML, body: projectHtml(store, web, name, files) };
  const versions = [...new Set(files.map(({ version }) => version))];
  const body = {
    meta: { '_last-serial': store.state().serial, 'api-version': '1.3' },
    name,
    versions,
    files: files.map((file) => {
      const yanked = yankOf(store, file);
      return {
        filename: file.name,
        url: `${web}${filePath(file)}`,
        hashes: { sha256: file.sha256 },
        size: file.size,
        'upload-time': file.uploadedAt,
        'requires-python': file.requiresPython,
        yanked: yanked === null ? false : yanked === '' ? true : yanked,
        'core-metadata': file.metadataSha256 === null ? false : { sha256: file.metadataSha256 },
        provenance: file.attestations.length === 0 ? null : `${web}${provenancePath(file)}`,
      };
    }),
  };
  return { type: JSON_TYPE, body: JSON.stringify(body) };
}

// oxlint-disable-next-line max-params -- what a page is made of
function projectHtml(store: PackagesStore, web: string, name: string, files: readonly StoredFile[]): string {
  const links = files.map((file) => {
    const yanked = yankOf(store, file);
    const attributes = [
      `href="${web}${escaped(filePath(file))}#sha256=${file.sha256}"`,
      ...(file.requiresPython === null ? [] : [`data-requires-python="${escaped(file.requiresPython)}"`]),
      ...(file.metadataSha256 === null ? [] : [`data-core-metadata="sha256=${file.metadataSha256}"`]),
      ...(file.attestations.length === 0 ? [] : [`data-provenance="${web}${escaped(provenancePath(file))}"`]),
      ...(yanked === null ? [] : [`data-yanked="${escaped(yanked)}"`]),
    ];
    return `    <a ${attributes.join(' ')}>${escaped(file.name)}</a><br />`;
  });
  return htmlPage(`Links for ${name}`, links);
}

function htmlPage(title: string, lines: readonly string[]): string {
  return [
    '<!DOCTYPE html>',
    '<html>',
    '  <head>',
    '    <meta name="pypi:repository-version" content="1.3">',
    `    <title>${escaped(title)}</title>`,
    '  </head>',
    '  <body>',
    `    <h1>${escaped(title)}</h1>`,
    ...lines,
    '  </body>',
    '</html>',
    '',
  ].join('\n');
}

/** The names of all projects. */
export function simpleRoot(store: PackagesStore, form: 'html' | 'json' | 'text'): Page {
  const { projects, serial } = store.state();
  const sorted = projects.toSorted((left, right) => (left.normal < right.normal ? -1 : 1));
  if (form === 'json') {
    const body = {
      meta: { '_last-serial': serial, 'api-version': '1.3' },
      projects: sorted.map(({ name }) => ({ name })),
    };
    return { type: JSON_TYPE, body: JSON.stringify(body) };
  }
  const links = sorted.map(({ name, normal }) => `    <a href="/simple/${normal}/">${escaped(name)}</a>`);
  return { type: form === 'text' ? 'text/html; charset=UTF-8' : HTML, body: htmlPage('Simple index', links) };
}

/** The JSON API: of a project with its newest version, or of one version; null for what is not there. */
export function recordPage(
  store: PackagesStore,
  web: string,
  asked: { readonly name: string; readonly version: string | null },
): Page | null {
  const normal = normalName(asked.name);
  const { projects, releases, serial } = store.state();
  const project = projects.find((each) => each.normal === normal);
  if (project === undefined) return null;
  const files = shownFiles(store, normal);
  const own = releases.filter((each) => each.project === normal);
  const wanted =
    asked.version === null ? newest(own) : own.find(({ version }) => version === clean(asked.version ?? ''));
  if (wanted === undefined) return null;
  const urls = (version: string) =>
    files.filter((file) => file.version === version).map((file) => fileRecord(store, web, file));
  const body = {
    info: {
      name: project.name,
      version: wanted.version,
      summary: wanted.summary,
      classifiers: wanted.classifiers,
      requires_dist: wanted.requiresDist.length === 0 ? null : wanted.requiresDist,
      requires_python: wanted.requiresPython,
      yanked: wanted.yanked !== null,
      yanked_reason: wanted.yanked === '' ? null : wanted.yanked,
    },
    last_serial: serial,
    ...(asked.version === null
      ? { releases: Object.fromEntries(own.map(({ version }) => [version, urls(version)])) }
      : {}),
    urls: urls(wanted.version),
    vulnerabilities: [],
  };
  return { type: 'application/json', body: JSON.stringify(body) };
}

function newest(releases: readonly StoredRelease[]): StoredRelease | undefined {
  const sorted = releases.toSorted((left, right) => rcompare(left.version, right.version));
  return sorted.find(({ yanked }) => yanked === null) ?? sorted[0];
}

function fileRecord(store: PackagesStore, web: string, file: StoredFile) {
  const yanked = yankOf(store, file);
  return {
    comment_text: null,
    digests: { blake2b_256: file.blake2, md5: file.md5, sha256: file.sha256 },
    downloads: -1,
    filename: file.name,
    has_sig: false,
    md5_digest: file.md5,
    packagetype: file.filetype,
    python_version: file.pyversion,
    requires_python: file.requiresPython,
    size: file.size,
    upload_time: file.uploadedAt.replace(/\..*$/u, ''),
    upload_time_iso_8601: file.uploadedAt,
    url: `${web}${filePath(file)}`,
    yanked: yanked !== null,
    yanked_reason: yanked === '' ? null : yanked,
  };
}

/** What was uploaded as proof of where a file comes from (PEP 740); null where nothing was. */
export function provenance(store: PackagesStore, path: string): Page | null {
  const file = store.state().files.find((each) => provenancePath(each) === path);
  if (file === undefined || file.attestations.length === 0) return null;
  const job = file.publisher ?? { repository: file.uploadedBy, workflow: '', environment: null };
  const publisher = { kind: 'GitHub', claims: null, ...job };
  const bundle = { publisher, attestations: file.attestations };
  return {
    type: 'application/vnd.pypi.integrity.v1+json',
    body: JSON.stringify({ version: 1, attestation_bundles: [bundle] }),
  };
}
