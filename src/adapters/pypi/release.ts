import { z } from 'zod';
import { Digest } from '../../domain/canonical-json.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { PackageRelease } from '../../ports/package-index.ts';
import {
  projectName,
  projectPage,
  readMoment,
  type IndexProblem,
  type ProjectName,
} from '../../wheel/simple-index/index.ts';

const MOST_FILES = 20_000;
const MOST_TEXTS = 2000;

const RecordedFile = z.object({
  filename: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  digests: z.object({ sha256: z.string().optional() }),
  size: z.int().min(0).nullish(),
  requires_python: z.string().nullish(),
  yanked: z.boolean().nullish(),
  yanked_reason: z.string().nullish(),
  upload_time_iso_8601: z.string().nullish(),
});

const RecordedRelease = z.object({
  info: z.object({
    name: z.string(),
    version: z.string().min(1).max(200),
    classifiers: z.array(z.string()).max(MOST_TEXTS).nullish(),
    requires_dist: z.array(z.string()).max(MOST_TEXTS).nullish(),
  }),
  urls: z.array(RecordedFile).max(MOST_FILES),
});

/** Reads the answer of the JSON API for one version of a project. */
export function readRelease(bytes: Uint8Array, project: ProjectName): Result<PackageRelease, IndexProblem> {
  const json = jsonIn(bytes);
  if (!json.ok) return json;
  const release = RecordedRelease.safeParse(json.value);
  if (!release.success) return refuse({ code: 'not-an-index', reason: z.prettifyError(release.error).slice(0, 300) });
  const { info, urls } = release.data;
  if (projectName(info.name) !== project) {
    return refuse({ code: 'other-project', written: info.name.slice(0, 80), asked: project });
  }
  const page = projectPage(project, urls.map(fileIn));
  if (!page.ok) return page;
  const { version, classifiers, requires_dist: requiresDist } = info;
  return succeed({
    version,
    files: page.value.files,
    classifiers: classifiers ?? [],
    requiresDist: requiresDist ?? [],
  });
}

function jsonIn(bytes: Uint8Array): Result<unknown, IndexProblem> {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return succeed(json);
  } catch (error) {
    if (error instanceof SyntaxError) return refuse({ code: 'not-json', reason: error.message.slice(0, 200) });
    if (error instanceof TypeError) return refuse({ code: 'not-utf8' });
    throw error;
  }
}

function fileIn(file: z.infer<typeof RecordedFile>): IndexFile {
  const digest = Digest.safeParse(`sha256:${file.digests.sha256?.toLowerCase() ?? ''}`);
  const { upload_time_iso_8601: uploaded } = file;
  return {
    name: file.filename,
    url: file.url.replace(/#.*$/s, ''),
    digest: digest.success ? digest.data : null,
    size: file.size ?? null,
    requiresPython: file.requires_python ?? null,
    metadata: null,
    yanked: file.yanked === true ? (file.yanked_reason ?? '') : null,
    uploadedAt: uploaded === null || uploaded === undefined ? null : readMoment(uploaded),
  };
}
