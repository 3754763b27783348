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
export type { DecidedRevert } from '../../app/picks.ts';
type AuditWithHistory = NonNullable<FoundIn<ValueIn<Awaited<ReturnType<typeof auditBranch>>>>>;
export type Audit = Omit<AuditWithHistory, 'history'>;
export type LineCommit = Audit['picks'][number];
export type OnLine = FoundChange['lines'][number];
export type Standing = OnLine['standing'];
