import type { Digest } from '../../domain/canonical-json.ts';
import type { Instant } from '../../domain/instant.ts';
import { addSeconds, elapsedMillis } from '../../domain/instant.ts';
import type { FileAt, ReadBackStep, Step, UploadFileStep, YankReleaseStep } from '../../domain/plan/step.ts';
import type { RepoKey } from '../../domain/repo.ts';
import { StoreKey } from '../../domain/store-key.ts';

/** A staged wheel on its way to the package index. */
export interface FileToUpload {
  readonly repo: RepoKey;
  readonly project: string;
  readonly version: string;
  readonly name: string;
  readonly size: number;
  readonly digest: Digest;
  readonly from: FileAt;
  /** Bytes; null for no limit. */
  readonly fileLimit: number | null;
}

/** A file of one of these versions as the index has it now. */
export interface FileOnIndex {
  readonly project: string;
  readonly version: string;
  readonly name: string;
  readonly digest: Digest | null;
  readonly uploadedAt: Instant | null;
  readonly yanked: string | null;
}

export interface UploadFacts {
  /** In the order they are uploaded: what others require first. */
  readonly files: readonly FileToUpload[];
  readonly onIndex: readonly FileOnIndex[];
  readonly now: Instant;
  /** Days after its first file in which the index lets files be added to a version. */
  readonly lateFileDays: number;
}

export type UploadProblem =
  | { readonly code: 'upload-other-bytes'; readonly file: FileToUpload; readonly found: Digest | null }
  | { readonly code: 'upload-too-large'; readonly file: FileToUpload; readonly limit: number }
  | { readonly code: 'upload-stranger'; readonly name: string; readonly version: string }
  | {
      readonly code: 'upload-late';
      readonly version: string;
      readonly first: Instant;
      readonly until: Instant;
      readonly files: number;
    }
  | { readonly code: 'upload-yanked'; readonly version: string; readonly reason: string };

/** What is still to upload, what is there, and what stands in the way: all of it told before the first byte goes out. */
export interface UploadWork {
  readonly todo: readonly FileToUpload[];
  readonly there: readonly FileToUpload[];
  readonly problems: readonly UploadProblem[];
}

const DAY = 24 * 60 * 60;

/** Compares what is to be on the index with what is there. Seed: "The promotion of wheels to PyPI can only be done once". */
export function planUploads({ files, onIndex, now, lateFileDays }: UploadFacts): UploadWork {
  const there = new Map(onIndex.map((file) => [file.name, file]));
  const wanted = new Set(files.map(({ name }) => name));
  const todo = files.filter(({ name }) => !there.has(name));
  const others = files.flatMap((file): readonly UploadProblem[] => {
    const found = there.get(file.name);
    if (found === undefined || found.digest === file.digest) return [];
    return [{ code: 'upload-other-bytes', file, found: found.digest }];
  });
  const large = todo.flatMap((file): readonly UploadProblem[] =>
    file.fileLimit !== null && file.size > file.fileLimit
      ? [{ code: 'upload-too-large', file, limit: file.fileLimit }]
      : [],
  );
  const strangers = onIndex
    .filter(({ name }) => !wanted.has(name))
    .map(({ name, project, version }): UploadProblem => ({
      code: 'upload-stranger',
      name,
      version: `${project} ${version}`,
    }));
  return {
    todo,
    there: files.filter(({ name, digest }) => there.get(name)?.digest === digest),
    problems: [
      ...others,
      ...large,
      ...strangers,
      ...lateProblems(todo, onIndex, { now, lateFileDays }),
      ...yankedProblems(todo, onIndex),
    ],
  };
}

function versionOf({ project, version }: Pick<FileToUpload, 'project' | 'version'>): string {
  return `${project} ${version}`;
}

/** The window closes a number of days after a version's first file: the index then takes no further ones. */
function lateProblems(
  todo: readonly FileToUpload[],
  onIndex: readonly FileOnIndex[],
  { now, lateFileDays }: Pick<UploadFacts, 'now' | 'lateFileDays'>,
): readonly UploadProblem[] {
  return [...Map.groupBy(todo, versionOf)].flatMap(([version, some]) => {
    const first = firstUpload(onIndex.filter((file) => versionOf(file) === version));
    if (first === null) return [];
    const until = addSeconds(first, lateFileDays * DAY);
    return elapsedMillis(now, until) > 0 ? [] : [{ code: 'upload-late', version, first, until, files: some.length }];
  });
}

/** When a version got its first file; null while it has none, or where the index does not tell. */
function firstUpload(files: readonly Pick<FileOnIndex, 'uploadedAt'>[]): Instant | null {
  const moments = files.flatMap(({ uploadedAt }) => (uploadedAt === null ? [] : [uploadedAt]));
  return moments.toSorted()[0] ?? null;
}

function yankedProblems(todo: readonly FileToUpload[], onIndex: readonly FileOnIndex[]): readonly UploadProblem[] {
  const versions = new Set(todo.map(versionOf));
  const yanked = onIndex.filter((file) => file.yanked !== null && versions.has(versionOf(file)));
  return [...Map.groupBy(yanked, versionOf)].map(([version, [file]]) => ({
    code: 'upload-yanked',
    version,
    reason: file?.yanked ?? '',
  }));
}

/** What is wrong, with which file, and what to do. */
export function explainUpload(problem: UploadProblem, channel: string): string {
  switch (problem.code) {
    case 'upload-other-bytes':
      return `${problem.file.name} is on ${channel} with ${problem.found ?? 'a digest that it does not tell'}, and ${problem.file.digest} is staged. A name on an index is used up for ever: this needs another version. Find out who uploaded it.`;
    case 'upload-too-large':
      return `${problem.file.name} has ${problem.file.size} bytes and ${channel} takes ${problem.limit}. Have the limit raised, write it into the train file, and plan again. Nothing was uploaded.`;
    case 'upload-stranger':
      return `${problem.name} is on ${channel} as a file of ${problem.version}, and the candidate has no such file. Somebody uploads beside you: find out who, and whether it may stay, before anything else goes there.`;
    case 'upload-late':
      return `${problem.version} got its first file on ${channel} at ${problem.first}; files can be added until ${problem.until}. ${problem.files === 1 ? '1 file comes' : `${problem.files} files come`} too late: this needs another version.`;
    case 'upload-yanked':
      return `${problem.version} is yanked on ${channel}${problem.reason === '' ? '' : ` ("${problem.reason}")`}. Nothing is added to what was taken out of use: release another version.`;
  }
}

/** Where the uploads go. */
export interface UploadAt {
  readonly channel: string;
  readonly place: number;
  /** The wave of the first upload: each has a wave of its own, so that nothing goes out beside something that failed. */
  readonly wave: number;
}

/** One upload after the other, then the look at the index as installers see it. */
export function uploadSteps(
  work: Pick<UploadWork, 'todo' | 'there'>,
  { channel, place, wave }: UploadAt,
): readonly Step[] {
  const uploads = work.todo.map((file, index): UploadFileStep => ({
    kind: 'upload-file',
    key: `upload-file:${channel}:${file.name}`,
    wave: wave + index,
    reversible: 'never',
    undo: 'none: yank the whole version; the file and its name stay',
    repo: file.repo,
    from: file.from,
    to: { channel, place },
    project: file.project,
    version: file.version,
    file: file.name,
    size: file.size,
    digest: file.digest,
  }));
  const last = wave + uploads.length;
  const all = [...work.there, ...work.todo];
  const reads = [...Map.groupBy(all, versionOf).values()].flatMap((some): readonly ReadBackStep[] => {
    const [first] = some;
    if (first === undefined) return [];
    const { repo, project, version } = first;
    return [
      {
        kind: 'read-back',
        key: `read-back:${channel}:${project}-${version}`,
        wave: last,
        reversible: 'yes',
        undo: 'nothing is changed by it',
        repo,
        channel,
        place,
        of: 'package-index',
        release: { project, version },
        files: some.map(({ name, size, digest }) => ({ key: StoreKey.parse(name), size, digest })),
      },
    ];
  });
  return [...uploads, ...reads];
}

/** Takes one version out of use on the index; its files stay. */
export function yankStep(
  { repo, project, version, reason }: Pick<FileToUpload, 'repo' | 'project' | 'version'> & { readonly reason: string },
  { channel, place, wave }: UploadAt,
): YankReleaseStep {
  return {
    kind: 'yank-release',
    key: `yank-release:${channel}:${project}-${version}`,
    wave,
    reversible: 'partly',
    undo: 'a person can un-yank it on the index; who saw it yanked has noticed',
    repo,
    to: { channel, place },
    project,
    version,
    reason,
  };
}
