import type { Gate } from '../domain/gate.ts';
import { inLanes } from '../domain/in-lanes.ts';
import { observe, unknown } from '../domain/observation.ts';
import { normalizeName } from '../domain/package-name.ts';
import type { Guard } from '../domain/train/guard.ts';
import {
  decideGuard,
  decideNames,
  ownNames,
  readGuard,
  type GuardJudging,
  type NameFact,
} from '../process/02-prepare/index.ts';
import type { App } from './app.ts';

/** The gates of the infrastructure: one of each repository, and one of names; none where the train file has no `guard`. */
export async function judgeGuard(app: App, judging: GuardJudging): Promise<readonly Gate[]> {
  const { train, release, now } = judging;
  const { guard } = train;
  if (guard === undefined) return [];
  const [facts, names] = await Promise.all([
    readGuard({ train, release, forge: app.forge, git: app.git, now }),
    guard.names === undefined ? null : readNames(app, guard.names),
  ]);
  return [...decideGuard(facts, judging), ...(names === null ? [] : [decideNames(names, judging)])];
}

const LANES = 8;

async function readNames(app: App, names: NonNullable<Guard['names']>): Promise<readonly NameFact[]> {
  const now = app.clock.now();
  const source = `channel ${names.public}`;
  const opened = await observe(source, now, () => app.stores.indexesOf(names.public));
  const told = opened.known ? opened.value : null;
  const index = told?.ok === true ? told.value[0] : undefined;
  const why = !opened.known ? opened.reason : told?.ok === false ? told.problems[0].text : `${source} has no index`;
  return inLanes(ownNames(app.loaded.train, names), LANES, async (name) => ({
    name,
    taken:
      index === undefined
        ? unknown(why, now, source)
        : await observe(index.name, now, async () => (await index.project(normalizeName(name))) !== null),
  }));
}
