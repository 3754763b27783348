import type { ObjectId } from '../../domain/git-names.ts';
import { succeed, type Result } from '../../domain/result.ts';
import {
  conflictsOnlyInGenerated,
  decidePick,
  foldPicks,
  readPick,
  recordOf,
  type PickDecision,
  type PickPorts,
  type PickProblem,
  type PickRequest,
  type PickTarget,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { present, type Planned } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { ciRun } from './evidence.ts';
import { heldHunks } from './held.ts';
import { changeHistory } from './line.ts';
import { refuseByPicks } from './problem.ts';
import { phaseEnds, pickRepo, pickTarget } from './targets.ts';

/** A request as it was given, on the command line or in a comment. */
export interface RequestInput {
  /** Name of the repository in the train; the core one when left out. */
  readonly repo?: string;
  readonly pr: number;
  /** Release branches; each is a request of its own, with its own answer (ENG-05). */
  readonly onto: readonly string[];
  readonly class: string;
  readonly fixes: string | null;
  readonly dryRun: boolean;
  /** Who asks, when it is not who gives the command: the author of a comment. */
  readonly by?: string;
  /** Address of the comment that asked; null for the command line. */
  readonly via?: string | null;
}

/** What comes of a request to one branch. */
export type PickOutcome =
  | {
      readonly kind: 'planned';
      readonly does: 'pick' | 'revert';
      /** The commit of main that took the change back, where it is taken back on the line too. */
      readonly revertedBy: ObjectId | null;
      readonly planned: Planned;
    }
  | { readonly kind: 'waits-for-merge' }
  | { readonly kind: 'underway'; readonly pull: number; readonly link: string };

export interface PickAnswer {
  readonly onto: string;
  readonly outcome: Result<PickOutcome, AppProblem>;
  /** The stage's own problem, for a face that says more than its text: the conflict's files, the hunks that would be undone. */
  readonly problem: PickProblem | null;
}

/** Asks for a pick on each branch. Unless it is a dry run the request is written down first, and a plan is saved to be applied. */
export async function requestPick(app: App, input: RequestInput): Promise<Result<readonly PickAnswer[], AppProblem>> {
  const repo = pickRepo(app, input.repo);
  if (!repo.ok) return repo;
  const answers: PickAnswer[] = [];
  // One after the other: each is written down before the next is looked at.
  for (const onto of new Set(input.onto)) {
    const target = await pickTarget(app, repo.value, onto);
    answers.push(target.ok ? await requestOne(app, input, target.value) : { onto, outcome: target, problem: null });
  }
  return succeed(answers);
}

async function requestOne(app: App, input: RequestInput, target: PickTarget): Promise<PickAnswer> {
  const { train, digest } = app.loaded;
  const { pr, fixes, via = null } = input;
  const by = input.by ?? (await app.who());
  const now = app.clock.now();
  const onto = target.branch;
  const records = foldPicks(await entriesOf(app, target.release));
  const known = recordOf(records, { repo: target.repo.key, pr, onto }, target.release);
  const ports: PickPorts = {
    train,
    target,
    pr,
    by,
    fixes,
    draft: false,
    generated: [],
    git: app.git,
    forge: app.forge,
    ends: phaseEnds(app, target.release, now),
    now,
    history: () => changeHistory(app, target, pr),
    run: (link) => ciRun(app, target, link),
    hunks: await heldHunks(app, target),
  };
  const request = { train, trainDigest: digest, pr, class: input.class, fixes, by, at: now, via, record: known };
  const decided = await decideMade(ports, request);
  if (decided.ok) return { onto, outcome: await carried(app, input, decided.value), problem: null };
  const [problem] = decided.problems;
  if (!input.dryRun) await noteRefusal(app, { target, pr, by, class: input.class, fixes, via }, problem);
  return { onto, outcome: refuseByPicks(decided.problems), problem };
}

/** Commands of the train are only run for a pick that nothing but generated files stands against: nobody without rights sets one off. */
async function decideMade(ports: PickPorts, request: PickRequest): Promise<Result<PickDecision, PickProblem>> {
  const decided = decidePick(await readPick(ports), request, ports.now);
  if (!conflictsOnlyInGenerated(decided)) return decided;
  return decidePick(await readPick({ ...ports, generated: ports.train.picks.generated }), request, ports.now);
}

async function carried(
  app: App,
  input: RequestInput,
  decision: PickDecision,
): Promise<Result<PickOutcome, AppProblem>> {
  if (!input.dryRun) await append(app, input, decision.record);
  switch (decision.kind) {
    case 'waits-for-merge':
      return succeed({ kind: 'waits-for-merge' });
    case 'underway':
      return succeed({ kind: 'underway', pull: decision.pull.number, link: decision.pull.link });
    case 'plan': {
      const planned = await show(app, input, decision);
      return planned.ok
        ? succeed({ kind: 'planned', does: decision.does, revertedBy: decision.revertedBy, planned: planned.value })
        : planned;
    }
  }
}

function show(
  app: App,
  input: RequestInput,
  { plan, notes }: Pick<Extract<PickDecision, { readonly kind: 'plan' }>, 'plan' | 'notes'>,
): Promise<Result<Planned, AppProblem>> {
  return present(app, { kind: 'plan', plan, held: [], notes }, { input, gates: [], nothing: '' });
}

/** In the name of who asked, also when the bot writes it. */
async function append(app: App, { by }: Pick<RequestInput, 'by'>, event: PickDecision['record']): Promise<void> {
  const ledger = await app.ledger();
  await ledger.append(app.loaded.train.train, [{ at: app.clock.now(), actor: by ?? (await app.who()), event }]);
}

interface Refused {
  readonly target: PickTarget;
  readonly pr: number;
  readonly by: string;
  readonly class: string;
  readonly fixes: string | null;
  readonly via: string | null;
}

/** A conflict and a late request stay with their owner until somebody settles them; every other refusal is an event of its own. */
async function noteRefusal(app: App, { target, pr, by, ...asked }: Refused, problem: PickProblem): Promise<void> {
  const { release } = target;
  const pick = { repo: target.repo.key, pr, onto: target.branch };
  const requested = { type: 'pick-requested', release, pick, ...asked } as const;
  if (problem.code === 'conflict' || problem.code === 'regeneration-failed') return append(app, { by }, requested);
  if (problem.code === 'window-closed' || problem.code === 'class-not-in-phase') {
    // Written down as late, so that a release manager may let it in (TRK-06).
    await append(app, { by }, requested);
    const closedAt = problem.code === 'window-closed' ? problem.closedAt : (problem.since ?? app.clock.now());
    await record(app, { type: 'pick-late', release, pick, closedAt });
    return;
  }
  await record(app, {
    type: 'refused',
    release,
    what: `pick request ${pick.repo}#${pr} onto ${pick.onto}`,
    reason: problem.code,
  });
}
