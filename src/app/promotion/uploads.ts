import { inLanes } from '../../domain/in-lanes.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { sinksOfChannel } from '../../domain/train/sinks.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import type { FileOnIndex, FileToUpload } from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { stagedFiles } from './staged-files.ts';
import { filesText } from './words.ts';

/** The staged wheels in the order they are uploaded, and where to. */
export interface ToUpload {
  readonly channel: string;
  readonly place: number;
  readonly files: readonly FileToUpload[];
}

/** What is to be on the index: refuses when something was never staged. */
export async function uploadFiles(app: App, release: ReleaseVersion): Promise<Result<ToUpload, AppProblem>> {
  const { train } = app.loaded;
  const known = await stagedFiles(app, release);
  if (!known.ok) return known;
  const { channel, staged } = known.value;
  const index = sinksOfChannel(train, channel, lineOf(release)).find(({ store }) => store === 'package-index');
  if (index === undefined) {
    return refuse({
      kind: 'usage',
      code: 'promotion-no-index',
      text: `Channel ${channel} has no package index for ${release}. Give it one: signalbox config explain channels`,
    });
  }
  const unstaged = staged.filter(({ lineage }) => lineage === null);
  const [first] = unstaged;
  if (first !== undefined) {
    return refuse({
      kind: 'refused',
      code: 'upload-not-staged',
      text: `${filesText(unstaged.length)} were never staged, ${first.file.name} first. Stage them, and have them validated: signalbox promote stage ${release}`,
    });
  }
  const order = reposOf(train, release).map(({ key, entry }) => ({ key, isCore: entry.role === 'core' }));
  const rank = (repo: string): number => {
    const found = order.findIndex(({ key }) => key === repo);
    return order[found]?.isCore === true ? found - order.length : found;
  };
  const files = staged.flatMap(({ file, lineage, staged: from }): readonly FileToUpload[] => {
    if (lineage === null) return [];
    const { project, version, name, fileLimit, source } = file;
    const { size, digest } = lineage;
    return [{ repo: source.repo, project, version, name, size, digest, from, fileLimit }];
  });
  return succeed({
    channel,
    place: index.place,
    files: files.toSorted((left, right) => rank(left.repo) - rank(right.repo)),
  });
}

/** What the index has of these versions now, read past every cache. */
export async function filesOnIndex(app: App, { channel, place, files }: ToUpload): Promise<readonly FileOnIndex[]> {
  const versions = [
    ...new Map(files.map(({ project, version }) => [`${project} ${version}`, { project, version }])).values(),
  ];
  const all = await inLanes(versions, 4, async ({ project, version }) => {
    const found = await app.packages.look({ channel, place }, { project, version });
    return found.map(({ name, digest, uploadedAt, yanked }) => ({
      project,
      version,
      name,
      digest,
      uploadedAt,
      yanked,
    }));
  });
  return all.flat();
}
