import type { Result } from '../../domain/result.ts';
import {
  PackageIndexError,
  type PackageIndex,
  type PackageProject,
  type PackageRelease,
} from '../../ports/package-index.ts';
import {
  explainIndex,
  LARGEST_PAGE,
  projectName,
  readProjectPage,
  type IndexProblem,
  type ProjectName,
} from '../../wheel/simple-index/index.ts';
import { httpSource } from '../http/byte-source.ts';
import { httpDocument, systemDocumentTools, type DocumentTools, type HttpDocument } from '../http/document.ts';
import { reading } from '../http/read-failure.ts';
import { addressesOf } from './addresses.ts';
import { readProvenance } from './provenance.ts';
import { readRelease } from './release.ts';

const SIMPLE = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1';
/** What vouches for a file holds certificates and entries of a log. */
const LARGEST_PROVENANCE = 4 * 1024 * 1024;
const INTEGRITY = 'application/vnd.pypi.integrity.v1+json, application/json;q=0.5';
const LARGEST_RELEASE = 16 * 1024 * 1024;

export interface PypiOptions {
  /** Where its list of files begins (`…/simple/`), or the folder that holds `simple/` and `pypi/`. */
  readonly address: string;
  readonly tools?: DocumentTools;
  /** Asks that no cache on the way answers: for whoever changes the index and wants to see what came of it. */
  readonly past?: 'every-cache';
}

/** An index that speaks the simple API (PEP 503, 691, 700) and the JSON API beside it, read without credentials. */
export function pypiIndex({ address, tools = systemDocumentTools, past }: PypiOptions): PackageIndex {
  const { simple, records } = addressesOf(address);
  const headers = past === undefined ? {} : { headers: { 'cache-control': 'no-cache' } };
  const listOf = (project: ProjectName): Promise<HttpDocument | null> => {
    const url = new URL(`${project}/`, simple);
    return read(() => httpDocument({ url, accept: SIMPLE, most: LARGEST_PAGE, ...headers }, tools));
  };
  return {
    name: simple.href,
    project: async (written) => {
      const project = nameOf(written);
      const page = await listOf(project);
      return page === null ? null : projectIn(page, project);
    },
    provenance: async (written, files) => {
      const list = await listOf(nameOf(written));
      if (list === null) return new Map();
      return readProvenance(list, files, (url) =>
        read(() => httpDocument({ url, accept: INTEGRITY, most: LARGEST_PROVENANCE, ...headers }, tools)),
      );
    },
    release: async (written, version) => {
      const project = nameOf(written);
      const url = new URL(`${project}/${versionIn(version)}/json`, records);
      const document = await read(() =>
        httpDocument({ url, accept: 'application/json', most: LARGEST_RELEASE, ...headers }, tools),
      );
      return document === null ? null : releaseIn(document, project);
    },
    source: ({ url }) => {
      if (!/^https?:/.test(url) || !URL.canParse(url))
        throw new PackageIndexError('invalid', `${url} is no address of a file`);
      return httpSource(new URL(url), { http: tools.http, now: tools.now });
    },
  };
}

function nameOf(written: string): ProjectName {
  const name = projectName(written);
  if (name === null) throw new PackageIndexError('invalid', `“${written.slice(0, 80)}” is no name of a project`);
  return name;
}

function versionIn(version: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9.+!_-]{0,99}$/.test(version)) return encodeURIComponent(version);
  throw new PackageIndexError('invalid', `“${version.slice(0, 80)}” is no version`);
}

function read<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  return reading(work, (code, why, cause) => new PackageIndexError(code, `cannot read the index: ${why}`, cause));
}

/** What the page says, or a failure: a page that cannot be read is not a project without files. */
function taken<Value>(page: Result<Value, IndexProblem>, { url }: HttpDocument): Value {
  if (page.ok) return page.value;
  throw new PackageIndexError('unexpected-answer', `${url.href}: ${page.problems.map(explainIndex).join('; ')}`);
}

function projectIn(document: HttpDocument, project: ProjectName): PackageProject {
  const { page, versions, problems } = taken(readProjectPage(document, { project, url: document.url.href }), document);
  return { name: project, versions, files: page.files, strange: problems.map(explainIndex) };
}

function releaseIn(document: HttpDocument, project: ProjectName): PackageRelease {
  return taken(readRelease(document.bytes, project), document);
}
