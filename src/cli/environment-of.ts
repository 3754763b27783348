import { readFile } from 'node:fs/promises';
import { explainEnvironmentProblem, readEnvironment, type Environment } from '../config/environment.ts';
import type { Environment as Variables } from './output/style.ts';
import { usage } from './problem.ts';

/** What the variables say, secrets read from their files; a mistake in them ends the command with all of them told. */
export async function environmentOf(variables: Variables): Promise<Environment> {
  const environment = await readEnvironment(variables, (path) => readFile(path, 'utf8'));
  if (environment.ok) return environment.value;
  const problems = environment.problems.map(explainEnvironmentProblem);
  throw usage('the environment is not in order', ...problems, 'see: signalbox help environment');
}
