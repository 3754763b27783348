import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { App } from '../app/app.ts';
import { compose } from '../app/compose.ts';
import { explainEnvironmentProblem, readEnvironment } from '../config/environment.ts';
import { findTrainFile } from '../config/find.ts';
import { explainConfigProblem } from '../config/problem.ts';
import { shippedPresets } from '../config/sources.ts';
import { CommandStop, usage } from './problem.ts';
import type { TrainPlace } from './session.ts';

/** The train file that is meant: --train as a path or a preset's name, else the nearest train.yaml from the folder upwards. */
export async function trainFileOf({ folder, train }: Omit<TrainPlace, 'env'>): Promise<string> {
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

/** Reads the train file and the environment; opens neither the network nor the database. */
export async function openApp(place: TrainPlace): Promise<App> {
  const trainFile = await trainFileOf(place);
  const environment = await readEnvironment(place.env, (path) => readFile(path, 'utf8'));
  if (!environment.ok)
    throw usage(
      'the environment is not in order',
      ...environment.problems.map(explainEnvironmentProblem),
      'see: signalbox help environment',
    );
  const app = await compose({ trainFile, environment: environment.value });
  if (app.ok) return app.value;
  const count = app.problems.length;
  throw new CommandStop('usage', `the train file has ${count === 1 ? 'a mistake' : `${count} mistakes`}`, {
    next: [
      ...app.problems.slice(0, 20).map((problem) => explainConfigProblem(problem, place.folder)),
      'signalbox config check',
    ],
    word: 'CONFIG',
  });
}
