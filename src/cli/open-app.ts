import type { App } from '../app/app.ts';
import { compose } from '../app/compose.ts';
import { withTeams } from '../app/teams.ts';
import { environmentOf } from './environment-of.ts';
import type { TrainPlace } from './session.ts';
import { mistakenTrain, trainFileOf } from './train-file.ts';

/**
 * Reads the train file and the environment. Opens no database, and asks the forge for nothing but the members of teams, where the train file
 * gives a role to one.
 */
export async function openApp(place: TrainPlace): Promise<App> {
  const trainFile = await trainFileOf(place);
  const environment = await environmentOf(place.env);
  const app = await compose({ trainFile, environment, clock: { now: place.now } });
  if (app.ok) return withTeams(app.value);
  throw mistakenTrain(app.problems, place.folder);
}
