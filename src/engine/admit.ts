import { shortRef, type ObjectId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import type { Digest } from '../domain/canonical-json.ts';
import { approvalsNeeded, isPermanent } from '../domain/plan/plan.ts';
import type { Train } from '../domain/train/train.ts';
import type { Git } from '../ports/git.ts';
import { countingApprovals } from './approve.ts';
import { planState, type PlanRecord } from './fold.ts';
import { closedProblem, type EngineProblem } from './problem.ts';

/** What somebody brings who wants a plan carried out. */
export interface Admission {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly now: Instant;
  /** What was typed; null when nothing was. */
  readonly confirmation: string | null;
  /** Gates of the plan that are closed now, judged afresh by the caller. */
  readonly closedGates: readonly string[];
}

/**
 * Whether the plan may be carried out now. A plan that was begun is not held against the moved world or its age again: its own steps
 * still check what they touch, and stopping half-way would be worse than going on.
 */
export async function admit(record: PlanRecord, git: Git, admission: Admission): Promise<readonly EngineProblem[]> {
  const closed = closedProblem(record);
  if (closed !== null) return [closed];
  const id = record.plan.id;
  if (record.plan.body.trainDigest !== admission.trainDigest) return [{ code: 'train-changed', id }];
  const fresh = planState(record) === 'made';
  if (fresh && admission.now >= record.goodUntil) return [{ code: 'plan-expired', id, goodUntil: record.goodUntil }];
  const problems: EngineProblem[] = [];
  if (fresh) problems.push(...(await movedRefs(record, git)));
  if (fresh && admission.closedGates.length > 0) {
    problems.push({ code: 'gate-closed', id, gates: admission.closedGates, release: record.plan.body.release });
  }
  const approvals = countingApprovals(record, admission.train);
  const needed = approvalsNeeded(record.plan);
  if (approvals.length < needed)
    problems.push({ code: 'approvals-missing', id, have: approvals.map(({ by }) => by), needed });
  return problems.length > 0 ? problems : unconfirmed(record, admission);
}

/** The typed phrase is asked for last, when everything else is in order. */
function unconfirmed(record: PlanRecord, { confirmation }: Admission): readonly EngineProblem[] {
  const { phrase } = record.plan.body;
  if (!isPermanent(record.plan) || phrase === null || confirmation === phrase) return [];
  return [{ code: 'not-confirmed', id: record.plan.id, phrase, typed: confirmation }];
}

async function movedRefs(record: PlanRecord, git: Git): Promise<readonly EngineProblem[]> {
  const { assumes } = record.plan.body;
  const checked = await Promise.all(
    assumes.map(async (assumed): Promise<readonly EngineProblem[]> => {
      const [found] = await git.remoteRefs(assumed, [assumed.ref]);
      const at = found?.peeled ?? found?.id ?? null;
      if (at === assumed.at) return [];
      const planned = textOf(assumed.at);
      return [
        {
          code: 'ref-moved',
          id: record.plan.id,
          repo: assumed.repo,
          ref: shortRef(assumed.ref),
          planned,
          found: textOf(at),
        },
      ];
    }),
  );
  return checked.flat();
}

function textOf(at: ObjectId | null): string {
  return at ?? 'no commit (it does not exist)';
}
