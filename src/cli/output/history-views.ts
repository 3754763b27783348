import type { Instant } from '../../domain/instant.ts';
import type {
  auditBranch,
  compareCandidates,
  missingPicks,
  missingReverts,
  FoundChange,
  RepoReport,
} from '../../app/history.ts';

type FoundIn<Report> = Report extends RepoReport<infer Found> ? Found : never;
type ValueIn<Answer> = Answer extends { readonly ok: true; readonly value: infer Value } ? Value : never;

/** What the reports of the history answer, in the words of the renderers. */
export type Difference = NonNullable<FoundIn<Awaited<ReturnType<typeof compareCandidates>>[number]>>;
export type DifferenceCommit = Difference['added'][number];
export type Wanted = FoundIn<Awaited<ReturnType<typeof missingPicks>>[number]>[number];
export type OwedRevert = FoundIn<Awaited<ReturnType<typeof missingReverts>>[number]>[number];
/** A revert that the line lacks, with the decision to keep what it took back. */
export type DecidedRevert = OwedRevert & {
  readonly declined: { readonly by: string; readonly reason: string } | null;
  /** Until when a reland is waited for; null once that is over. */
  readonly relandUntil: Instant | null;
};
type AuditWithHistory = NonNullable<FoundIn<ValueIn<Awaited<ReturnType<typeof auditBranch>>>>>;
export type Audit = Omit<AuditWithHistory, 'history'>;
export type LineCommit = Audit['picks'][number];
export type OnLine = FoundChange['lines'][number];
export type Standing = OnLine['standing'];
