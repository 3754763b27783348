import type { Instant } from '../../domain/instant.ts';
import type { LedgerDraft } from '../../domain/ledger-event.ts';
import { succeed, type Result } from '../../domain/result.ts';
import {
  decideDispensation,
  decidePickApproval,
  decidePickQuestion,
  decidePickRefusal,
  decidePickReopening,
  decidePickWithdrawal,
  foldPicks,
  recordOf,
  standingOf,
  type Decision,
  type PickProblem,
  type PickRecord,
  type StandingPick,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { readPickLine } from './line.ts';
import { refuseByPicks } from './problem.ts';
import { observed } from './standing.ts';
import { phaseEnds, pickRepo, pickTarget } from './targets.ts';

/** Which pick is decided about, and by whom when it is not who gives the command. */
export interface PickName {
  readonly repo?: string;
  readonly pr: number;
  readonly onto: string;
  readonly by?: string;
}

type Decide = (decision: Decision) => Result<LedgerDraft, PickProblem>;

export function approvePick(app: App, name: PickName): Promise<Result<StandingPick, AppProblem>> {
  return decide(app, name, () => decidePickApproval);
}

export function refusePick(app: App, name: PickName, reason: string): Promise<Result<StandingPick, AppProblem>> {
  return decide(app, name, () => (decision) => decidePickRefusal(decision, reason));
}

/** Asks the author something; the pick waits for the answer. */
export function askPick(app: App, name: PickName, question: string): Promise<Result<StandingPick, AppProblem>> {
  return decide(app, name, () => (decision) => decidePickQuestion(decision, question));
}

export function reopenPick(app: App, name: PickName, reason: string): Promise<Result<StandingPick, AppProblem>> {
  return decide(app, name, () => (decision) => decidePickReopening(decision, reason));
}

export function withdrawPick(app: App, name: PickName, reason: string): Promise<Result<StandingPick, AppProblem>> {
  return decide(app, name, () => (decision) => decidePickWithdrawal(decision, reason));
}

/** Lets a pick in against the rules of its phase, by a named release manager, with a reason and an end. */
export function dispensePick(
  app: App,
  name: PickName,
  { reason, until }: { readonly reason: string; readonly until: Instant },
): Promise<Result<StandingPick, AppProblem>> {
  return decide(
    app,
    name,
    ({ release, now }) =>
      (decision) =>
        decideDispensation(decision, { reason, until, ends: phaseEnds(app, release, now) }),
  );
}

async function decide(
  app: App,
  name: PickName,
  make: (decision: Pick<Decision, 'release' | 'now'>) => Decide,
): Promise<Result<StandingPick, AppProblem>> {
  const found = await findPick(app, name);
  if (!found.ok) return found;
  const { decision, record } = found.value;
  const decided = make(decision)(decision);
  if (!decided.ok) {
    await note(app, {
      at: decision.now,
      actor: decision.who,
      event: {
        type: 'refused',
        release: decision.release,
        what: `pick decision on #${name.pr}`,
        reason: decided.problems[0].code,
      },
    });
    return refuseByPicks(decided.problems);
  }
  await note(app, decided.value);
  const after = recordOf(foldPicks(await entriesOf(app, decision.release)), decision.pick, decision.release);
  return succeed(standingOf(after ?? record, decision.seen, app.loaded.train.roles['release-manager']));
}

/** Writes down what a plain comment decides about a pick, if it decides anything; answers whether it did. */
export async function answerPick(
  app: App,
  name: PickName,
  take: (decision: Decision) => LedgerDraft | null,
): Promise<boolean> {
  const found = await findPick(app, name);
  if (!found.ok) return false;
  const draft = take(found.value.decision);
  if (draft !== null) await note(app, draft);
  return draft !== null;
}

async function note(app: App, draft: LedgerDraft): Promise<void> {
  const ledger = await app.ledger();
  await ledger.append(app.loaded.train.train, [draft]);
}

interface FoundPick {
  readonly decision: Decision;
  readonly record: PickRecord;
}

/** The pick with all that is known of it now. */
async function findPick(app: App, { repo, pr, onto, by }: PickName): Promise<Result<FoundPick, AppProblem>> {
  const key = pickRepo(app, repo);
  if (!key.ok) return key;
  const target = await pickTarget(app, key.value, onto);
  if (!target.ok) return target;
  const { release, branch } = target.value;
  const pick = { repo: key.value, pr, onto: branch };
  const record = recordOf(foldPicks(await entriesOf(app, release)), pick, release);
  if (record === null) return refuseByPicks([{ code: 'no-such-pick', repo: key.value, pr, branch }]);
  const line = await readPickLine(app, target.value.repo, branch);
  const seen = await observed(app, { repo: target.value.repo, record, line });
  const who = by ?? (await app.who());
  return succeed({
    decision: { train: app.loaded.train, release, pick, who, now: app.clock.now(), record, seen },
    record,
  });
}

/** One pick as it stands. */
export async function showPick(app: App, name: PickName): Promise<Result<StandingPick, AppProblem>> {
  const found = await findPick(app, name);
  if (!found.ok) return found;
  const { decision, record } = found.value;
  return succeed(standingOf(record, decision.seen, app.loaded.train.roles['release-manager']));
}
