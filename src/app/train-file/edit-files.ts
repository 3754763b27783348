import { posix } from 'node:path';
import { editYaml, explainYamlEdit } from '../../config/edit-yaml.ts';
import type { KeyPath } from '../../config/tree.ts';
import type { Json } from '../../domain/canonical-json.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { EditedFile } from '../../process/01-plan/index.ts';
import { repoFile, type TrainAt } from './repo-reader.ts';

/** One value of the train to be written; `undefined` takes the key away. */
export interface TrainEdit {
  readonly path: KeyPath;
  readonly value: Json | undefined;
  /** What to write instead where the file inherits the list that `path` leads into: lists are inherited whole. */
  readonly list?: { readonly path: KeyPath; readonly value: Json };
}

/** The train file, and the files beside it, as they are to be. A section that stands in a file of its own is edited there, any other in the train file. Problems are sentences. */
export async function editTrainFiles(
  at: TrainAt,
  edits: readonly TrainEdit[],
): Promise<Result<readonly EditedFile[], string>> {
  const files = new Map<string, EditedFile>();
  for (const edit of edits) {
    const found = await fileOf(at, String(edit.path[0]));
    if (found === null) return refuse(`${at.place.slug} has no file ${at.place.path} at ${at.place.branch}`);
    const file = files.get(found.file.path) ?? found.file;
    const edited = written(file.after, edit, found.depth);
    if (!edited.ok) return refuse(explainYamlEdit(edited.problems[0], file.path));
    files.set(file.path, { ...file, after: edited.value });
  }
  return succeed([...files.values()].filter(({ before, after }) => before !== after));
}

function written(text: string, { path, value, list }: TrainEdit, depth: number): ReturnType<typeof editYaml> {
  const direct = editYaml(text, [{ path: path.slice(depth), value }]);
  return direct.ok || list === undefined
    ? direct
    : editYaml(text, [{ path: list.path.slice(depth), value: list.value }]);
}

/** The file that holds a section, and how many steps of a path it stands for. */
async function fileOf(
  at: TrainAt,
  section: string,
): Promise<{ readonly file: EditedFile; readonly depth: number } | null> {
  const { path } = at.place;
  const beside = posix.basename(path) === 'train.yaml' ? posix.join(posix.dirname(path), `${section}.yaml`) : null;
  const own = beside === null ? null : await editedFile(at, beside);
  if (own !== null) return { file: own, depth: 1 };
  const file = await editedFile(at, path);
  return file === null ? null : { file, depth: 0 };
}

async function editedFile(at: TrainAt, path: string): Promise<EditedFile | null> {
  const file = await repoFile(at, path);
  if (file === null || file.text === null) return null;
  const mode = file.mode === '100755' ? '100755' : '100644';
  return { path, mode, blob: file.blob, before: file.text, after: file.text };
}
