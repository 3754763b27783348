import { join, relative, resolve, sep } from 'node:path';
import { diskReader, type FileReader } from '../../config/file-text.ts';
import { loadTrain, type ReadTrainFile } from '../../config/load.ts';
import { explainConfigProblem } from '../../config/problem.ts';
import { shippedPresets } from '../../config/sources.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { refuse, type Result } from '../../domain/result.ts';
import type { Git, GitFile } from '../../ports/git.ts';
import type { TrainPlace } from '../../process/01-plan/index.ts';

/** A folder that is on no disk: paths below it are paths of the repository. */
const ROOT = resolve(sep, 'train-repository');

/** The train file's repository at one commit. */
export interface TrainAt {
  readonly git: Git;
  readonly place: TrainPlace;
  readonly commit: ObjectId;
}

/** A file of the repository as text; null where there is none. What is no text, or only points elsewhere, is an error: nothing is edited through it. */
export async function repoFile({ git, place, commit }: TrainAt, path: string): Promise<GitFile | null> {
  const found = (await git.files(place, commit, [path])).find((file) => file.path === path);
  if (found === undefined) return null;
  if (found.text === null) throw new Error('it is no text');
  if (found.mode === '120000') throw new Error('it is a symbolic link');
  return found;
}

/** Reads the train as the repository has it at a commit, with some files as they are to be. Problems are the mistakes of the train file, each as one line. */
export async function trainAt(
  at: TrainAt,
  put: ReadonlyMap<string, string> = new Map(),
): Promise<Result<ReadTrainFile, string>> {
  const presets = shippedPresets();
  const loaded = await loadTrain(join(ROOT, at.place.path), { reader: repoReader(at, put, presets), presets });
  if (loaded.ok) return loaded;
  const [first, ...rest] = loaded.problems;
  return refuse(explainConfigProblem(first, ROOT), ...rest.map((problem) => explainConfigProblem(problem, ROOT)));
}

function repoReader(at: TrainAt, put: ReadonlyMap<string, string>, presets: string): FileReader {
  const isPreset = (path: string): boolean => path === presets || path.startsWith(`${presets}${sep}`);
  return {
    async read(path, limit) {
      if (isPreset(path)) return diskReader.read(path, limit);
      const name = inRepo(path);
      const text = put.get(name) ?? (await repoFile(at, name))?.text ?? null;
      return text === null ? null : new TextEncoder().encode(text).subarray(0, limit + 1);
    },
    async list(folder) {
      if (isPreset(folder)) return diskReader.list(folder);
      const name = inRepo(folder);
      const files = await at.git.files(at.place, at.commit, [name === '' ? '*' : `${name}/*`]);
      return files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).toSorted();
    },
  };
}

/** The path in the repository, as git writes it. */
function inRepo(path: string): string {
  const within = relative(ROOT, path);
  if (within.startsWith('..')) throw new Error('it lies outside of the repository');
  return within.split(sep).join('/');
}
