import type { Instant } from '../../domain/instant.ts';
import { daysBetween, dateOf } from '../../domain/instant.ts';
import type { LedgerEntry, LedgerEvent } from '../../domain/ledger-event.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { compareVersions, type ReleaseVersion } from '../../domain/version.ts';
import { foldPlans, planState, type PlanRecord, type PlanState } from '../../engine/fold.ts';
import { foldPicks, type PickRecord } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { recordedIn, type RecordedCandidate } from '../recorded-candidates.ts';
import { listReleases, type ReleaseRecord } from '../releases.ts';

/** What an entry of the ledger says, with who and when. */
export interface Told<Event extends LedgerEvent = LedgerEvent> {
  readonly seq: number;
  readonly by: string;
  readonly at: Instant;
  readonly event: Event;
}

type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { readonly type: Type }>;

/** A plan, who approved it, and what became of it. Receipts of its steps are counted by their outcome. */
export interface PlanTold {
  readonly id: string;
  readonly purpose: string;
  readonly title: string;
  readonly by: string;
  readonly madeAt: Instant;
  readonly approvals: readonly { readonly by: string; readonly role: string; readonly at: Instant }[];
  /** Who carried it out, each once. */
  readonly appliedBy: readonly string[];
  readonly state: PlanState;
  readonly finishedAt: Instant | null;
  readonly steps: number;
  readonly done: number;
  /** Tags that its steps push, `vision v0.23.0-rc1`. */
  readonly tags: readonly string[];
  /** Whether it takes a change back on a release branch. */
  readonly reverts: boolean;
}

/** All that the ledger says of one release, and nothing that is observed. Times are UTC. */
export interface ReleaseReport {
  readonly release: ReleaseVersion;
  readonly opened: { readonly by: string; readonly at: Instant };
  readonly closed: ReleaseRecord['closed'];
  /** From its opening to its end, or to its last entry while it is live. */
  readonly days: number;
  readonly entries: number;
  readonly people: readonly string[];
  readonly decisions: readonly Told<Of<DecisionType>>[];
  /** The first one first. */
  readonly candidates: readonly RecordedCandidate[];
  readonly plans: readonly PlanTold[];
  readonly waivers: readonly Told<Of<'gate-waived' | 'gate-waiver-ended'>>[];
  readonly signOffs: readonly Told<Of<'gate-signed' | 'gate-sign-off-revoked'>>[];
  readonly picks: readonly PickRecord[];
  readonly keptReverts: readonly Told<Of<'revert-declined'>>[];
  readonly day: readonly Told<Of<'day-step-done' | 'day-step-reopened'>>[];
  readonly asks: readonly Told<Of<'ask-sent' | 'ask-answered' | 'ask-withdrawn'>>[];
  readonly refusals: readonly Told<Of<'refused'>>[];
}

/** The record of a train, release by release, and what was decided about the whole of it. */
export interface TrainReport {
  readonly title: string;
  /** First and last entry of the ledger; null while it is empty. */
  readonly span: { readonly from: Instant; readonly to: Instant } | null;
  readonly entries: number;
  readonly head: string | null;
  readonly freezes: readonly Told<Of<'train-frozen' | 'train-thawed'>>[];
  readonly releases: readonly ReleaseReport[];
}

const DECISIONS = [
  'triage-decided',
  'patch-decided',
  'patch-scheduled',
  'candidate-final',
  'candidate-final-withdrawn',
  'candidate-abandoned',
  'release-abandoned',
  'release-closed',
  'lease-broken',
] as const satisfies readonly LedgerEvent['type'][];
type DecisionType = (typeof DECISIONS)[number];

/** The report of the train, or of one of its releases: folded from the ledger alone, so that it is the same wherever its log is read. */
export async function trainReport(app: App, only: ReleaseVersion | null): Promise<Result<TrainReport, AppProblem>> {
  const [entries, releases] = await Promise.all([entriesOf(app), listReleases(app)]);
  const chosen = releases.filter(({ release }) => only === null || release === only);
  if (only !== null && chosen.length === 0) {
    const text = `Nobody opened ${only}, so there is nothing to report of it. See: signalbox release list`;
    return refuse({ kind: 'usage', code: 'release-unknown', text });
  }
  const [first, last] = [entries[0], entries.at(-1)];
  return succeed({
    title: app.loaded.train.title,
    span: first === undefined || last === undefined ? null : { from: first.at, to: last.at },
    entries: entries.length,
    head: last?.hash ?? null,
    freezes: told(entries, ['train-frozen', 'train-thawed']),
    releases: chosen
      .toSorted((left, right) => compareVersions(left.release, right.release))
      .map((release) => reportOf(release, entries)),
  });
}

function reportOf(
  { release, createdAt, createdBy, closed }: ReleaseRecord,
  all: readonly LedgerEntry[],
): ReleaseReport {
  const entries = all.filter(({ event }) => 'release' in event && event.release === release);
  const end = closed?.at ?? entries.at(-1)?.at ?? createdAt;
  return {
    release,
    opened: { by: createdBy, at: createdAt },
    closed,
    days: daysBetween(dateOf(createdAt), dateOf(end)),
    entries: entries.length,
    people: [...new Set(entries.map(({ actor }) => actor))].toSorted(),
    decisions: told(entries, DECISIONS),
    candidates: recordedIn(entries, release).toReversed(),
    plans: [...foldPlans(entries).values()].map((record) => planTold(record)),
    waivers: told(entries, ['gate-waived', 'gate-waiver-ended']),
    signOffs: told(entries, ['gate-signed', 'gate-sign-off-revoked']),
    picks: foldPicks(entries),
    keptReverts: told(entries, ['revert-declined']),
    day: told(entries, ['day-step-done', 'day-step-reopened']),
    asks: told(entries, ['ask-sent', 'ask-answered', 'ask-withdrawn']),
    refusals: told(entries, ['refused']),
  };
}

function told<Type extends LedgerEvent['type']>(
  entries: readonly LedgerEntry[],
  types: readonly Type[],
): readonly Told<Of<Type>>[] {
  const isOne = (event: LedgerEvent): event is Of<Type> => types.some((type) => type === event.type);
  return entries.flatMap(({ seq, actor, at, event }) => (isOne(event) ? [{ seq, by: actor, at, event }] : []));
}

function planTold(record: PlanRecord): PlanTold {
  const { plan, madeAt, approvals, receipts, finishedAt } = record;
  const { purpose, title, author, steps } = plan.body;
  return {
    id: plan.id,
    purpose,
    title,
    by: author,
    madeAt,
    approvals: approvals.map(({ by, role, at }) => ({ by, role, at })),
    appliedBy: [...new Set(receipts.map(({ by }) => by))],
    state: planState(record),
    finishedAt,
    steps: steps.length,
    done: receipts.length,
    tags: steps.flatMap((step) => (step.kind === 'push-tag' ? [`${step.repo} ${step.tag}`] : [])),
    reverts: steps.some((step) => step.kind === 'push-pick' && step.does === 'revert'),
  };
}
