import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findTrainFile } from '../config/find.ts';
import { loadTrain } from '../config/load.ts';
import { explainConfigProblem, type ConfigProblem } from '../config/problem.ts';
import { shippedPresets } from '../config/sources.ts';
import type { LoadedTrain } from '../domain/train/train.ts';
import { CommandStop, usage } from './problem.ts';
import type { Session, TrainPlace } from './session.ts';

/** The train file that is meant: --train as a path or a preset's name, else the nearest train.yaml from the folder upwards. */
export async function trainFileOf({ folder, train }: Pick<TrainPlace, 'folder' | 'train'>): Promise<string> {
  if (train !== null) {
    const preset = join(shippedPresets(), train, 'train.yaml');
    const path = resolve(folder, train);
    return /^[a-z][a-z0-9-]*$/u.test(train) && !existsSync(path) && existsSync(preset) ? preset : path;
  }
  const found = await findTrainFile(folder);
  if (found === null)
    throw usage(
      `no train.yaml in ${folder} or above it`,
      'write one: signalbox init',
      'or look at a preset: --train pytorch',
      'or watch a release first: signalbox rehearse',
    );
  return found;
}

/** The train alone, for commands that need neither repositories nor the ledger: nothing else is loaded for them. */
export async function loadedTrain(session: Session): Promise<LoadedTrain> {
  const file = await trainFileOf({ folder: session.folder, train: session.flags.text('train') });
  const loaded = await loadTrain(file);
  if (loaded.ok) return loaded.value;
  throw mistakenTrain(loaded.problems, session.folder);
}

/** The end of a command whose train file has mistakes: all of them, with their places. */
export function mistakenTrain(problems: readonly ConfigProblem[], folder: string): CommandStop {
  const count = problems.length;
  return new CommandStop('usage', `the train file has ${count === 1 ? 'a mistake' : `${count} mistakes`}`, {
    next: [...problems.slice(0, 20).map((problem) => explainConfigProblem(problem, folder)), 'signalbox config check'],
    word: 'CONFIG',
  });
}
