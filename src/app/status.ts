import { GateId, isOpen, type Gate } from '../domain/gate.ts';
import type { Instant } from '../domain/instant.ts';
import type { PlannedDate } from '../domain/train/calendar.ts';
import type { Train } from '../domain/train/train.ts';
import { lineOf, type ReleaseVersion } from '../domain/version.ts';
import { cadenceDates } from '../process/01-plan/index.ts';
import { hasCandidates } from '../process/05-candidate/index.ts';
import { abandoned, finalCandidate, freezeOf, type Decision, type FinalCandidate } from '../engine/fold-decisions.ts';
import { releaseDay, type DayStanding } from './announce/day.ts';
import type { App } from './app.ts';
import { askHolds } from './asks/holds.ts';
import { AFTER_FINAL_GATES } from './final/after-final.ts';
import { closedOf, judge } from './judge.ts';
import { entriesOf } from './record.ts';
import { readStanding, type RepoStanding } from './standing.ts';

/** The phases a release goes through, in order, in the words people use. */
export const PHASES = ['Prepare', 'Branch cut', 'RCs', 'Final RC', 'Promote', 'Release day'] as const;
export type Phase = (typeof PHASES)[number];

/** `pass`: behind us. `running`: here now. `queued`: still to come. `no-data`: a repository could not be read. */
export type PhaseState = 'pass' | 'running' | 'queued' | 'no-data';

/** Where a release stands: everything `status`, `blockers` and `todo` say is made from this. */
export interface ReleaseStatus {
  readonly release: ReleaseVersion;
  readonly title: string;
  readonly at: Instant;
  readonly repos: readonly RepoStanding[];
  /** The day it comes out, as the calendar plans it; null when the calendar says nothing of it. */
  readonly day: PlannedDate | null;
  readonly phases: readonly { readonly phase: Phase; readonly state: PhaseState }[];
  /** The next thing to do, and the command that does it; null when nothing is left to this tool. */
  readonly next: NextStep | null;
  /** Since when nothing is carried out on the train; null while it is not frozen. */
  readonly freeze: Decision | null;
  /** Why nothing is done with the release again; null while it was not abandoned. */
  readonly abandoned: Decision | null;
  readonly final: FinalCandidate | null;
  /** The list of the release day; empty before a candidate is final, and where the train has none. */
  readonly daySteps: readonly DayStanding[];
  /** Every gate of the release, whether it bears on what is still to come or not. */
  readonly judged: readonly Gate[];
  /** Gates that bear on what is still to come, open and closed. */
  readonly gates: readonly Gate[];
  /** Those of them that are closed and keep the next step from being done. */
  readonly blocking: readonly Gate[];
  /** Those of them that are closed and bear on a later step. */
  readonly later: readonly Gate[];
}

export interface NextStep {
  /** What is blocked by closed gates: `the branch cut of core, infra`, `2.8.0-rc1`. */
  readonly what: string;
  readonly command: string;
  readonly repos: readonly string[];
}

/** Reads the world and judges the gates that bear on the next step. */
export async function releaseStatus(app: App, release: ReleaseVersion): Promise<ReleaseStatus> {
  const [repos, { gates, at }, entries] = await Promise.all([
    readStanding(app, release),
    judge(app, release, {}),
    entriesOf(app, release),
  ]);
  const freeze = freezeOf(entries);
  const given = abandoned(entries).releases.get(release) ?? null;
  const final = finalCandidate(entries, release);
  const bearing = gates.filter((gate) => bearsOn(gate, repos, final));
  const daySteps = final === null ? [] : (await releaseDay(app, release, gates)).steps;
  const ahead =
    nextStep(release, repos) ??
    (final === null ? null : (promotionStep(release, repos, bearing) ?? dayStep(repos, daySteps)));
  const next = given === null ? ahead : null;
  const decided = decidedGates(app, release, { freeze, given });
  const of = { train: app.loaded.train, release, repos };
  return {
    release,
    title: `${app.loaded.train.title} ${release}`,
    at,
    repos,
    day: dayOf(app, release),
    phases: phasesOf(repos, { final, gates: bearing, daySteps }),
    next,
    freeze,
    abandoned: given,
    final,
    daySteps,
    judged: [...decided, ...gates],
    gates: [...decided, ...bearing],
    blocking: [...decided, ...closedOf(bearing).filter((gate) => blocks(gate, next, of))],
    later: closedOf(bearing).filter((gate) => !blocks(gate, next, of)),
  };
}

const ABANDONED = GateId.parse('release-abandoned');
const FROZEN = GateId.parse('train-frozen');

/** Whether it is no gate that was judged but a decision that holds everything up, shown as one. */
export function isDecision({ id }: Pick<Gate, 'id'>): boolean {
  return id === ABANDONED || id === FROZEN;
}

/** Decisions that hold everything up, as what blocks: with who decided, since when, and what moves it. */
function decidedGates(
  app: App,
  release: ReleaseVersion,
  { freeze, given }: { readonly freeze: Decision | null; readonly given: Decision | null },
): readonly Gate[] {
  const owners = app.loaded.train.roles['release-manager'];
  const common = { evidence: [], waiver: null, owners };
  return [
    ...(given === null
      ? []
      : [
          {
            ...common,
            id: ABANDONED,
            verdict: 'failing' as const,
            summary: `${release} was abandoned by @${given.by}, for ever: ${given.reason}`,
            since: given.at,
            fix: null,
          },
        ]),
    ...(freeze === null
      ? []
      : [
          {
            ...common,
            id: FROZEN,
            verdict: 'needs-you' as const,
            summary: `nothing is carried out on the train; frozen by @${freeze.by}: ${freeze.reason}`,
            since: freeze.at,
            fix: 'signalbox release thaw',
          },
        ]),
  ];
}

function dayOf(app: App, release: ReleaseVersion): PlannedDate | null {
  const dates = cadenceDates(app.loaded.train.calendar, lineOf(release));
  return dates.find((one) => one.what !== 'cut' && one.release === release)?.date ?? null;
}

/** Gates of the train as a whole, which its core's cut waits for. */
const OF_CORE = ['people', 'milestone-resolved'];
/** Before the cut of core, too. The sizes warn: a raise takes the index weeks, and promotion is what it would stop. */
const WARNINGS = ['size-forecast', 'external-ready'];
const BEFORE_CUT = ['nightlies-green', 'branch-source-green'];
/** Before the cut of core it is of the branch to cut from, afterwards of the release branch: then the final candidate waits for it. */
const FIXES = 'fixes-present';
/** Gates of the release as a whole, which only the final candidate waits for. */
const BEFORE_FINAL = ['picks-settled', 'reverts-settled', 'author-owed', 'carry-forward', 'triton-ready'];
/** Gates of a candidate's files: they bear on what follows it, and the next candidate may mend them. */
const OF_FILES = ['artifacts-complete', 'artifacts-valid', 'index-valid', 'companions-resolve'];
const OF_BACKUP = 'backup-made';
/** Gates of what is published: there is nothing to publish before a candidate is final. */
const OF_PROMOTION = ['staged', 'staged-valid', 'stable-verified', 'released', 'get-started-matrix'];
/** What makes a release public. */
const PUBLISHES = ['signalbox promote stable ', 'signalbox promote pypi '];
/** A decision about a patch release as a whole: no repository gets a candidate before it. */
const GO = 'go-no-go';
const BEFORE_CANDIDATE = [GO, 'release-only-landed', 'next-version-on-main', 'version-file-matches'];

/** A gate before the cut matters until its repository is cut, one before the candidate from then until it has a candidate. */
function bearsOn({ id }: Gate, repos: readonly RepoStanding[], final: FinalCandidate | null): boolean {
  const [family = '', key] = id.split(':');
  const about = repos.filter(({ repo }) => key === undefined || repo.key === key);
  if (OF_CORE.includes(family) || WARNINGS.includes(family)) return repos.some(isUncutCore);
  if (family === 'core-rc-staged') return repos.some((one) => one.repo.entry.role === 'domain' && !isCut(one));
  if (BEFORE_FINAL.includes(family)) return repos.some((one) => isCut(one));
  if (OF_PROMOTION.includes(family)) return final !== null;
  if (AFTER_FINAL_GATES.includes(family)) return repos.some((one) => hasCandidate(one));
  if (OF_FILES.includes(family) || family === OF_BACKUP) return about.some((one) => hasCandidate(one));
  if (BEFORE_CUT.includes(family)) return about.some((one) => !isCut(one));
  if (BEFORE_CANDIDATE.includes(family)) return about.some((one) => isCut(one) && !hasCandidate(one));
  return true;
}

interface OfTrain {
  readonly train: Train;
  readonly release: ReleaseVersion;
}

/** A gate of a repository blocks the next step when that step is about the repository; the milestone is core's, the staged candidate the domain's. */
function blocks(gate: Gate, next: NextStep | null, of: OfTrain & { readonly repos: readonly RepoStanding[] }): boolean {
  if (next === null) return false;
  const { id } = gate;
  const { repos } = of;
  if (id.startsWith('ask:')) return askHolds(id, next.command, of);
  if (id === FIXES) return repos.some((one) => next.repos.includes(one.repo.key) && isUncutCore(one));
  const [family = '', key] = id.split(':');
  const about = repos.filter(({ repo }) => next.repos.includes(repo.key));
  if (AFTER_FINAL_GATES.includes(family)) return PUBLISHES.some((command) => next.command.startsWith(command));
  if (family === GO) return true;
  if (OF_CORE.includes(family) || family === 'external-ready')
    return about.some(({ repo }) => repo.entry.role === 'core');
  if (family === 'core-rc-staged') return about.some(({ repo }) => repo.entry.role === 'domain');
  return about.some(({ repo }) => repo.key === key);
}

function isUncutCore(one: RepoStanding): boolean {
  return one.repo.entry.role === 'core' && !isCut(one);
}

function isCut({ refs }: RepoStanding): boolean {
  return refs.known && refs.value.branch !== null;
}

function hasCandidate({ refs }: RepoStanding): boolean {
  return refs.known && refs.value.candidates.length > 0;
}

/** Repositories that get candidates; others are only cut. */
export function isTagged({ repo }: RepoStanding): boolean {
  return hasCandidates(repo);
}

function nextStep(release: ReleaseVersion, repos: readonly RepoStanding[]): NextStep | null {
  const untagged = repos.filter((one) => isTagged(one) && isCut(one) && !hasCandidate(one));
  const uncut = repos.filter((one) => !isCut(one));
  const first = uncut.filter(({ repo }) => repo.entry.role !== 'domain');
  if (first.length > 0) return step('the branch cut of', first, `signalbox branch cut ${release}`);
  if (untagged.length > 0) return step('the first candidate of', untagged, `signalbox rc cut ${release}`);
  if (uncut.length > 0) return step('the branch cut of', uncut, `signalbox branch cut ${release}`);
  return null;
}

function step(what: string, repos: readonly RepoStanding[], command: string): NextStep {
  const names = repos.map(({ repo }) => repo.key);
  return { what: `${what} ${names.join(', ')}`, command, repos: names };
}

/** What a final candidate waits for: each step of the promotion opens the next. */
function promotionStep(
  release: ReleaseVersion,
  repos: readonly RepoStanding[],
  gates: readonly Gate[],
): NextStep | null {
  const names = repos.filter((one) => isTagged(one)).map(({ repo }) => repo.key);
  const steps = [
    { gate: 'staged', what: 'the staging of the wheels', command: `signalbox promote stage ${release}` },
    { gate: 'stable-verified', what: 'the promotion to stable', command: `signalbox promote stable ${release}` },
    { gate: 'released', what: 'the promotion to the index', command: `signalbox promote pypi ${release}` },
  ];
  const ahead = steps.find(({ gate }) => gates.some((one) => one.id === gate && !isOpen(one)));
  return ahead === undefined ? null : { what: ahead.what, command: ahead.command, repos: names };
}

/** Once everything is public, what is left is on the list of the day. */
function dayStep(repos: readonly RepoStanding[], steps: readonly DayStanding[]): NextStep | null {
  const next = steps.find(({ isNext }) => isNext);
  if (next === undefined || next.command === null) return null;
  const names = repos.filter((one) => isTagged(one)).map(({ repo }) => repo.key);
  return { what: `step ${next.number} of the release day, ${next.step.id}`, command: next.command, repos: names };
}

function phasesOf(
  repos: readonly RepoStanding[],
  { final, gates, daySteps }: Pick<ReleaseStatus, 'final' | 'gates' | 'daySteps'>,
): ReleaseStatus['phases'] {
  const tagged = repos.filter((one) => isTagged(one));
  const unreadable = repos.some(({ refs }) => !refs.known);
  const cut = repos.filter((one) => isCut(one)).length;
  const withCandidate = tagged.filter((one) => hasCandidate(one)).length;
  const states: readonly PhaseState[] = [
    cut > 0 ? 'pass' : 'running',
    unreadable ? 'no-data' : progress(cut, repos.length),
    unreadable ? 'no-data' : final !== null ? 'pass' : withCandidate > 0 ? 'running' : 'queued',
    final === null ? 'queued' : final.isCurrent ? 'pass' : 'running',
    promoteState(gates),
    dayState(gates, daySteps),
  ];
  return PHASES.map((phase, index) => ({ phase, state: states[index] ?? 'queued' }));
}

/** Observed, not remembered: promoted is what everybody can see. */
function promoteState(gates: readonly Gate[]): PhaseState {
  const isPassed = (id: string): boolean => gates.some((gate) => gate.id === id && isOpen(gate));
  if (isPassed('released')) return 'pass';
  return isPassed('stable-verified') ? 'running' : 'queued';
}

function dayState(gates: readonly Gate[], steps: readonly DayStanding[]): PhaseState {
  if (steps.length === 0 || promoteState(gates) !== 'pass') return 'queued';
  return steps.every(({ done }) => done !== null) ? 'pass' : 'running';
}

function progress(done: number, all: number): PhaseState {
  if (done === 0) return 'queued';
  return done === all ? 'pass' : 'running';
}
