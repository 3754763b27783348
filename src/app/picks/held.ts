import type { ObjectId } from '../../domain/git-names.ts';
import type { PickTarget, ProtectedHunk } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { readPickLine } from './line.ts';

/** What the commit that begins a line and its release-only commits hold there: every line they put in place of another. A pick must not undo one. */
export async function heldHunks(app: App, target: PickTarget): Promise<readonly ProtectedHunk[]> {
  const line = await readPickLine(app, target.repo, target.branch);
  if (line === null) return [];
  const { at } = line.repo;
  const commits = line.history.commits.filter((commit) => commit.class === 'release-only' || commit.class === 'cut');
  const patches = await app.history.patches(
    at,
    commits.map(({ id }) => id),
  );
  const hunks = await Promise.all(
    commits.map(async ({ id, parents, title }) => {
      const [parent] = parents;
      const paths = (patches.get(id)?.files ?? []).map(({ path }) => path).filter((path) => !/[*?[\]]/.test(path));
      return parent === undefined || paths.length === 0
        ? []
        : hunksBetween(app, at, { parent, commit: id, paths, title });
    }),
  );
  return hunks.flat();
}

interface ReleaseOnlyCommit {
  readonly parent: ObjectId;
  readonly commit: ObjectId;
  readonly paths: readonly string[];
  readonly title: string;
}

async function hunksBetween(
  app: App,
  at: Parameters<App['git']['files']>[0],
  { parent, commit, paths, title }: ReleaseOnlyCommit,
): Promise<readonly ProtectedHunk[]> {
  const [before, after] = await Promise.all([app.git.files(at, parent, paths), app.git.files(at, commit, paths)]);
  return after.flatMap(({ path, text }) => {
    const old = before.find((file) => file.path === path)?.text ?? '';
    return heldLines(old, text ?? '').map(({ held, instead }) => ({ path, held, instead, reason: title }));
  });
}

/** Lines of the new text that the old one has not, each with the line that stood in its place. */
export function heldLines(old: string, next: string): readonly { readonly held: string; readonly instead: string }[] {
  const [before, after] = [old.split(/\r?\n/), next.split(/\r?\n/)];
  const had = new Set(before);
  const kept = new Set(after);
  const gone = before.filter((line) => !kept.has(line));
  return after.flatMap((line, index) => {
    if (line.trim() === '' || had.has(line)) return [];
    const opposite = before.length === after.length ? before[index] : gone[0];
    return [{ held: line, instead: opposite ?? '' }];
  });
}
