import type { ObjectId } from '../../domain/git-names.ts';
import type { RepoInRelease } from '../../domain/train/naming.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { pinProof, type ChangedText } from '../../history/pins.ts';
import type { LineCommit, LineHistory, Proof } from '../../history/types.ts';
import { declaredTexts } from '../../process/04-release-only/index.ts';
import type { App } from '../app.ts';
import type { RepoLines } from './repo-lines.ts';

/** Whose branch is looked at. */
export interface PinsOf {
  readonly release: ReleaseVersion;
  readonly repo: RepoInRelease;
  readonly lines: RepoLines;
  readonly history: LineHistory;
}

/** A commit of more files is no pin of anything. */
const MOST_FILES = 60;

/** The commits that are for the branch alone by what they change, of those that are on no other and do not say so. */
export async function readPins(app: App, of: PinsOf): Promise<ReadonlyMap<ObjectId, Proof>> {
  const open = of.history.commits.filter(
    ({ class: name, confidence, parents }) =>
      name === 'release-only' && confidence !== 'strong' && parents.length === 1,
  );
  const patches = await app.history.patches(
    of.lines.at,
    open.map(({ id }) => id),
  );
  const pins = new Map<ObjectId, Proof>();
  for (const commit of open) {
    const paths = (patches.get(commit.id)?.files ?? []).map(({ path }) => path);
    if (paths.length === 0 || paths.length > MOST_FILES || paths.some((path) => /[*?[\]]/.test(path))) continue;
    const proof = pinProof(await textsOf(app, of, commit, paths), { branch: of.repo.branch, line: of.repo.line });
    if (proof !== null) pins.set(commit.id, proof);
  }
  return pins;
}

async function textsOf(
  app: App,
  { release, repo, lines: { at } }: PinsOf,
  { id, parents }: LineCommit,
  paths: readonly string[],
): Promise<readonly ChangedText[]> {
  const [parent] = parents;
  if (parent === undefined) return [];
  const [before, after] = await Promise.all([app.git.files(at, parent, paths), app.git.files(at, id, paths)]);
  const declared = declaredTexts({ train: app.loaded.train, release, repo: repo.key }, before);
  return paths.map((path) => ({
    path,
    before: before.find((file) => file.path === path)?.text ?? null,
    after: after.find((file) => file.path === path)?.text ?? null,
    declared: declared.get(path) ?? null,
  }));
}
