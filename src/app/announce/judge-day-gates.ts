import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { App } from '../app.ts';
import { judgeDocsPointer } from './judge-docs-pointer.ts';
import { judgeGetStarted } from './judge-get-started.ts';
import { judgeTutorials } from './judge-tutorials.ts';

interface Judging {
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
  /** Families that were asked for by name; none where all are judged. */
  readonly wanted: readonly string[];
}

type Judge = (app: App, release: ReleaseVersion, judging: Judging) => Promise<readonly Gate[]>;

const JUDGES: Readonly<Record<string, Judge>> = {
  'get-started-matrix': judgeGetStarted,
  'docs-pointer': judgeDocsPointer,
  tutorials: judgeTutorials,
};

/** Families of the gates of the release day. */
export const DAY_GATES: readonly string[] = Object.keys(JUDGES);

/** Judges the gates of the release day: those that are asked for, or all of them. */
export async function judgeDayGates(app: App, release: ReleaseVersion, judging: Judging): Promise<readonly Gate[]> {
  const { wanted } = judging;
  const asked = Object.entries(JUDGES).filter(([family]) => wanted.length === 0 || wanted.includes(family));
  const gates = await Promise.all(asked.map(([, judge]) => judge(app, release, judging)));
  return gates.flat();
}
