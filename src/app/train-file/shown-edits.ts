import { keyText } from '../../config/tree.ts';
import type { Json } from '../../domain/canonical-json.ts';
import type { Train } from '../../domain/train/train.ts';
import { valueText } from './differences.ts';
import type { TrainEdit } from './edit-files.ts';

/** One value as it is and as it would be, in the words of the train file. */
export interface ShownEdit {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** A change in the words of the train file; nothing where the train says so already. */
export function shownEdits(train: Train, edits: readonly TrainEdit[]): readonly ShownEdit[] {
  return edits.flatMap(({ path, value }) => {
    const [before, after] = [valueText(valueAt(train, path)), valueText(value)];
    return before === after ? [] : [{ key: keyText(path), before, after }];
  });
}

function valueAt(train: Json, path: TrainEdit['path']): Json | undefined {
  return path.reduce<Json | undefined>((data, part) => {
    if (typeof data !== 'object' || data === null) return undefined;
    const found: unknown = Reflect.get(data, part);
    return isJson(found) ? found : undefined;
  }, train);
}

function isJson(value: unknown): value is Json {
  return value !== undefined;
}
