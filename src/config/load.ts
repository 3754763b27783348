import { resolve } from 'node:path';
import { digestOf } from '../domain/canonical-json.ts';
import { refuse, type Result, succeed } from '../domain/result.ts';
import { closest } from '../domain/suggest.ts';
import { type LoadedTrain, Train } from '../domain/train/train.ts';
import { contradictionsIn } from './cross-checks.ts';
import { diskReader, type FileReader } from './file-text.ts';
import { mergeTrees } from './merge.ts';
import { mistakesOf } from './mistakes.ts';
import { type ConfigProblem, inOrder } from './problem.ts';
import { schemaAt, unwrap } from './schema-walk.ts';
import { readSources, shippedPresets, type TrainSource } from './sources.ts';
import { dataOf, keyText, type KeyPath, placeOf, type TreeNode, without } from './tree.ts';

/** A train with the files it was read from, the one asked for first. */
export interface ReadTrainFile extends LoadedTrain {
  readonly files: readonly string[];
}

/**
 * Reads a train file, what lies beside it (support.yaml, artifacts.yaml, calendar.yaml, texts/*.md) and what it extends, and judges the whole.
 * Every mistake is told at once, in the order of the files. Nothing is thrown for a bad file.
 */
export async function loadTrain(
  path: string,
  options: { readonly reader?: FileReader; readonly presets?: string } = {},
): Promise<Result<ReadTrainFile, ConfigProblem>> {
  const { chain, problems } = await readSources(
    path,
    options.reader ?? diskReader,
    options.presets ?? shippedPresets(),
  );
  const merged = mergeChain(chain);
  // A file that is not whole would make every key of it look missing.
  const whole = problems.every(
    ({ code }) => code === 'duplicate-key' || code === 'wrong-type' || code === 'contradiction',
  );
  const judged = merged === null || !whole ? null : judge(merged.tree, resolve(path));
  const all = inOrder([...problems, ...(merged?.problems ?? []), ...(judged?.problems ?? [])]);
  const [first, ...rest] = all;
  if (first !== undefined) return refuse(first, ...rest);
  if (judged?.train === null || judged === null) throw new Error(`${path} was neither read nor refused`);
  const files = chain.toReversed().flatMap((source) => source.files);
  return succeed({ train: judged.train, digest: trainDigest(judged.train), files });
}

/** The digest of what a train says, wherever it says it: defaults filled in, comments and order of keys without meaning. */
export function trainDigest(train: Train): LoadedTrain['digest'] {
  return digestOf(train);
}

function mergeChain(
  chain: readonly TrainSource[],
): { readonly tree: TreeNode; readonly problems: readonly ConfigProblem[] } | null {
  const [first, ...rest] = chain;
  if (first === undefined) return null;
  return rest.reduce<{ readonly tree: TreeNode; readonly problems: readonly ConfigProblem[] }>(
    (base, { tree }) => {
      const merged = mergeTrees(base.tree, tree, mayBeNull);
      return { tree: merged.tree, problems: [...base.problems, ...merged.problems] };
    },
    { tree: first.tree, problems: [] },
  );
}

function mayBeNull(path: KeyPath): boolean {
  const schema = schemaAt(Train, path);
  return schema !== null && unwrap(schema).nullable;
}

interface Judged {
  readonly train: Train | null;
  readonly problems: readonly ConfigProblem[];
}

function judge(tree: TreeNode, path: string): Judged {
  const parsed = Train.safeParse(dataOf(tree));
  if (parsed.success) return { train: parsed.data, problems: contradictions(tree, parsed.data, path) };
  const { mistakes, untold } = mistakesOf(Train, tree, parsed.error.issues);
  if (untold !== null) return { train: null, problems: [...mistakes.map(({ problem }) => problem), untold] };
  // With the wrong parts taken out the rest can often be judged too, so that one run tells all.
  const rest = Train.safeParse(
    dataOf(
      without(
        tree,
        mistakes.map((mistake) => mistake.path),
      ),
    ),
  );
  const more = rest.success ? contradictions(tree, rest.data, path) : [];
  return { train: null, problems: [...mistakes.map(({ problem }) => problem), ...more] };
}

function contradictions(tree: TreeNode, train: Train, file: string): readonly ConfigProblem[] {
  return contradictionsIn(train).map(({ path, text, allowed = [], word }) => {
    const place = path.length === 0 ? { file, line: 1, column: 1 } : placeOf(tree, path);
    // Such a text begins with the word that is none.
    const said = word ?? text.split(' ')[0] ?? '';
    return {
      code: 'contradiction' as const,
      ...place,
      key: keyText(path),
      text,
      allowed,
      suggestion: closest(said, allowed),
    };
  });
}
