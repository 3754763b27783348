import { shortRef, type ObjectId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import type { Digest } from '../domain/canonical-json.ts';
import type { LedgerEntry } from '../domain/ledger-event.ts';
import { approvalsNeeded, isPermanent, takesBack, type PlanBody } from '../domain/plan/plan.ts';
import { openingAt } from '../domain/train/promotion-window.ts';
import type { Train } from '../domain/train/train.ts';
import type { Git } from '../ports/git.ts';
import { abandonmentOfPlan } from './abandonment.ts';
import { countingApprovals, expiredApprovals, possibleApprovers } from './approve.ts';
import { movedFiles } from './drift.ts';
import type { StepPorts } from './driver.ts';
import { planState, type PlanRecord } from './fold.ts';
import { finalCandidate, freezeOf } from './fold-decisions.ts';
import { closedProblem, type EngineProblem } from './problem.ts';

/** What somebody brings who wants a plan carried out. */
export interface Admission {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly now: Instant;
  /** The ledger of the train: what was decided since the plan was made. */
  readonly entries: readonly LedgerEntry[];
  /** What was typed; null when nothing was. */
  readonly confirmation: string | null;
  /** Gates of the plan that are closed now, judged afresh by the caller. */
  readonly closedGates: readonly string[];
}

/** Purposes of plans that publish a release, and so keep to the train's windows and to its final candidate. */
const PUBLISHING: readonly PlanBody['purpose'][] = ['stable', 'pypi'];

/** What of the world a plan is compared with before it is begun. */
type Compared = Pick<StepPorts, 'git' | 'files' | 'packages'>;

/**
 * Whether the plan may be carried out now. A plan that was begun is not held against the moved world or its age again: its own steps
 * still check what they touch, and stopping half-way would be worse than going on. What people decided since holds for it all the same.
 */
export async function admit(
  record: PlanRecord,
  ports: Compared,
  admission: Admission,
): Promise<readonly EngineProblem[]> {
  const closed = closedProblem(record) ?? decidedProblem(record, admission) ?? outOfDate(record, admission);
  if (closed !== null) return [closed];
  const id = record.plan.id;
  const fresh = planState(record) === 'made';
  const problems: EngineProblem[] = [];
  if (fresh) {
    problems.push(...(await movedRefs(record, ports.git)));
    problems.push(...windowProblems(record, admission));
  }
  if (fresh && admission.closedGates.length > 0) {
    problems.push({ code: 'gate-closed', id, gates: admission.closedGates, release: record.plan.body.release });
  }
  problems.push(...approvalProblems(record, admission));
  if (problems.length === 0) problems.push(...unconfirmed(record, admission));
  // Looked at last, and only when nothing else is in the way: stores and indexes are asked nothing for a plan that is refused anyway.
  return problems.length > 0 || !fresh ? problems : driftProblems(record, ports, admission);
}

/**
 * What keeps the plan from being carried out by what is written down alone, without a look at the world: asked before the work is handed to somebody
 * else, who asks everything again.
 */
export function admitOnPaper(record: PlanRecord, admission: Omit<Admission, 'closedGates'>): readonly EngineProblem[] {
  const all = { ...admission, closedGates: [] };
  const closed = closedProblem(record) ?? decidedProblem(record, all) ?? outOfDate(record, all);
  if (closed !== null) return [closed];
  const problems = [
    ...(planState(record) === 'made' ? windowProblems(record, all) : []),
    ...approvalProblems(record, all),
  ];
  return problems.length > 0 ? problems : unconfirmed(record, all);
}

/** Made with another train file, or too long ago. */
function outOfDate(record: PlanRecord, { trainDigest, now }: Admission): EngineProblem | null {
  const { id, body } = record.plan;
  if (body.trainDigest !== trainDigest) return { code: 'train-changed', id };
  const isOld = planState(record) === 'made' && now >= record.goodUntil;
  return isOld ? { code: 'plan-expired', id, goodUntil: record.goodUntil } : null;
}

/** What people decided that keeps the plan from being carried out, begun or not. */
function decidedProblem({ plan }: PlanRecord, { entries }: Admission): EngineProblem | null {
  const { id, body } = plan;
  if (takesBack(plan)) return null;
  const abandonment = abandonmentOfPlan(plan, entries);
  if (abandonment !== null) return { code: 'abandoned', ...abandonment };
  const freeze = freezeOf(entries);
  if (freeze !== null) return { code: 'train-frozen', id, ...freeze };
  if (!PUBLISHING.includes(body.purpose) || body.manifest === undefined) return null;
  const final = finalCandidate(entries, body.release);
  return final?.manifest === body.manifest && final.isCurrent
    ? null
    : { code: 'final-changed', id, release: body.release, final: final?.candidate ?? null };
}

function approvalProblems(record: PlanRecord, admission: Admission): readonly EngineProblem[] {
  const needed = approvalsNeeded(record.plan);
  const have = countingApprovals(record, admission).map(({ by }) => by);
  if (have.length >= needed) return [];
  const expired = expiredApprovals(record, admission).map(({ by }) => by);
  return [
    { code: 'approvals-missing', id: record.plan.id, have, expired, needed, permanent: isPermanent(record.plan) },
  ];
}

/** A plan that publishes is begun within the train's windows; once begun it is gone on with at any time. */
function windowProblems({ plan }: PlanRecord, { train, now }: Admission): readonly EngineProblem[] {
  if (!PUBLISHING.includes(plan.body.purpose)) return [];
  const opening = openingAt(train.promotion.windows, now);
  return opening.open
    ? []
    : [{ code: 'outside-window', id: plan.id, purpose: plan.body.purpose, opens: opening.opens }];
}

/** Files that changed void the plan: who had agreed to it has to agree to another one. */
async function driftProblems(
  record: PlanRecord,
  ports: Compared,
  admission: Admission,
): Promise<readonly EngineProblem[]> {
  const files = await movedFiles(record.plan, ports);
  if (files.length === 0) return [];
  const approved = countingApprovals(record, admission).map(({ by }) => by);
  const again = approved.length > 0 ? approved : possibleApprovers(record, admission);
  const needed = approvalsNeeded(record.plan);
  return [{ code: 'files-changed', id: record.plan.id, files, again: needed === 0 ? [] : again, needed }];
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
