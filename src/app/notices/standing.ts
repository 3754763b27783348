import { z } from 'zod';
import { failureCode } from '../../domain/observation.ts';
import { gateHref, planHref, releaseHref } from '../../domain/page-path.ts';
import { standInText } from '../../domain/train/stand-in.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { App } from '../app.ts';
import { dutyWords } from '../duty-words.ts';
import { listPlans } from '../plans.ts';
import { listReleases } from '../releases.ts';
import { planDuties, todo, type Duties, type Duty } from '../todo.ts';

/** What is looked at apart: plans are in the ledger, gates and picks are read from the world. */
export const Family = z.enum(['plans', 'gates', 'picks']);
export type Family = z.infer<typeof Family>;

/** One thing that waits for one person. */
export interface StandingDuty {
  readonly family: Family;
  readonly release: ReleaseVersion;
  readonly who: string;
  /** `2.8.0 gate ci-green`: the same for everybody it waits for. */
  readonly name: string;
  /** False where it cannot be said now whether it waits: what was told stays told, and nothing is told anew. */
  readonly isSure: boolean;
  /** Another acts for them, who are away: nothing is told to them. */
  readonly isHandedOver: boolean;
  /** For whom it is to be done; null: for themselves. */
  readonly standsInFor: string | null;
  readonly isApproval: boolean;
  readonly headline: string;
  readonly lines: readonly string[];
  readonly path: string;
}

/** What was seen of what waits. */
export interface DutiesSeen {
  readonly duties: readonly StandingDuty[];
  /** What was looked at: of nothing else it can be said that it waits no longer. */
  readonly judged: readonly { readonly release: ReleaseVersion; readonly family: Family }[];
  readonly live: readonly ReleaseVersion[];
  /** Releases that could not be read, with the reason. */
  readonly unread: readonly { readonly release: ReleaseVersion; readonly reason: string }[];
}

/** Looks at what waits in the live releases. `plans`: at what the ledger alone tells, which costs nothing. */
export async function lookAtDuties(
  app: App,
  how: 'all' | 'plans',
  only?: ReadonlySet<ReleaseVersion>,
): Promise<DutiesSeen> {
  const releases = (await listReleases(app)).filter(({ closed }) => closed === null).map(({ release }) => release);
  const live = releases.filter((release) => only === undefined || only.has(release));
  const seen = await Promise.all(
    live.map((release) => (how === 'all' ? lookAtAll(app, release) : lookAtPlans(app, release))),
  );
  return {
    duties: seen.flatMap(({ duties }) => duties),
    judged: seen.flatMap(({ judged }) => judged),
    live: releases,
    unread: seen.flatMap(({ unread }) => unread),
  };
}

type SeenOfRelease = Omit<DutiesSeen, 'live'>;

async function lookAtPlans(app: App, release: ReleaseVersion): Promise<SeenOfRelease> {
  const duties = standingOf(app, release, planDuties(app, await listPlans(app, { release })));
  return { duties, judged: [{ release, family: 'plans' }], unread: [] };
}

async function lookAtAll(app: App, release: ReleaseVersion): Promise<SeenOfRelease> {
  try {
    const { people, picksUnread } = await todo(app, { release });
    const families = picksUnread === null ? Family.options : Family.exclude(['picks']).options;
    return {
      duties: standingOf(app, release, people),
      judged: families.map((family) => ({ release, family })),
      unread: picksUnread === null ? [] : [{ release, reason: picksUnread }],
    };
  } catch (error) {
    if (failureCode(error) === null || !(error instanceof Error)) throw error;
    // What could not be looked at waits as it did.
    return { ...(await lookAtPlans(app, release)), unread: [{ release, reason: error.message }] };
  }
}

function standingOf(app: App, release: ReleaseVersion, people: readonly Duties[]): readonly StandingDuty[] {
  return people.flatMap(({ who, duties }) => duties.flatMap((duty) => standingDuty(app, { release, who, duty })));
}

/** What somebody decided, and told everybody by it, stands among the gates too. */
const DECIDED: ReadonlySet<string> = new Set(['train-frozen', 'release-abandoned']);

interface OfPerson {
  readonly release: ReleaseVersion;
  readonly who: string;
  readonly duty: Duty;
}

function standingDuty(app: App, { release, who, duty }: OfPerson): readonly StandingDuty[] {
  const { name, word, text, command } = dutyWords(duty);
  const { standIn } = duty;
  const common = {
    release,
    who,
    name: `${release} ${duty.kind} ${name}`,
    isSure: true,
    isHandedOver: standIn?.is === 'by',
    standsInFor: standIn?.is === 'for' ? standIn.who : null,
    isApproval: duty.kind === 'approval',
    headline: `${release}: ${name}, ${word}`,
    lines: [
      ...(standIn === null ? [] : [standInText(standIn, app.clock.now())]),
      text,
      ...(command === null ? [] : [`next: ${command}`]),
    ],
  };
  const page = releaseHref(release);
  switch (duty.kind) {
    case 'gate': {
      const { id, verdict } = duty.gate;
      // What runs waits for nobody; of what could not be read nobody knows.
      if (verdict === 'running' || verdict === 'queued' || DECIDED.has(id)) return [];
      const isSure = verdict !== 'no-data';
      return [{ ...common, family: 'gates', isSure, path: gateHref(release, id) }];
    }
    case 'pick':
      return [{ ...common, family: 'picks', path: `${page}/picks` }];
    case 'revert':
      return [{ ...common, family: 'picks', path: `${page}/picks?kind=revert` }];
    case 'day-step':
      return [{ ...common, family: 'gates', path: `${page}/day` }];
    case 'approval':
    case 'apply':
      return [{ ...common, family: 'plans', path: planHref(duty.plan.plan.id) }];
  }
}
