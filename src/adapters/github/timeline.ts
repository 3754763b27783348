import { ObjectId } from '../../domain/git-names.ts';
import type { ItemEvent } from '../../ports/forge.ts';
import type { TimelineAnswer } from './schema-work.ts';

function commitOf({ commit_id: id }: TimelineAnswer): ObjectId | null {
  const parsed = ObjectId.safeParse(id);
  return parsed.success ? parsed.data : null;
}

type Kind = ItemEvent extends infer Each ? (Each extends ItemEvent ? Omit<Each, 'at' | 'by'> : never) : never;

function source({ source: from }: TimelineAnswer): Kind | null {
  const issue = from?.issue ?? null;
  if (issue === null) return null;
  const repo = /\/repos\/([^/]+\/[^/]+)$/.exec(issue.repository_url ?? '')?.[1];
  if (repo === undefined) return null;
  return { kind: 'mentioned-in', repo, item: issue.number, isPullRequest: (issue.pull_request ?? null) !== null };
}

function reviewer({ requested_reviewer: person, requested_team: team }: TimelineAnswer): Kind | null {
  const of = person?.login ?? team?.slug ?? team?.name;
  return of === undefined ? null : { kind: 'review-requested', of };
}

const SIMPLE = new Map<
  string,
  'reopened' | 'ready-for-review' | 'converted-to-draft' | 'head-deleted' | 'force-pushed'
>([
  ['reopened', 'reopened'],
  ['ready_for_review', 'ready-for-review'],
  ['convert_to_draft', 'converted-to-draft'],
  ['head_ref_deleted', 'head-deleted'],
  ['head_ref_force_pushed', 'force-pushed'],
]);

function kindOf(answer: TimelineAnswer): Kind | null {
  const { event, label, milestone, rename } = answer;
  if (event === 'labeled' || event === 'unlabeled') {
    const name = label?.name ?? null;
    return name === null ? null : { kind: event, label: name };
  }
  if (event === 'milestoned' || event === 'demilestoned') {
    return milestone ? { kind: event, milestone: milestone.title } : null;
  }
  if (event === 'closed' || event === 'merged') return { kind: event, commit: commitOf(answer) };
  if (event === 'renamed') return rename ? { kind: 'renamed', ...rename } : null;
  if (event === 'review_requested') return reviewer(answer);
  if (event === 'cross-referenced') return source(answer);
  if (event === 'referenced') {
    const commit = commitOf(answer);
    return commit === null ? null : { kind: 'named-by-commit', commit };
  }
  const simple = SIMPLE.get(event ?? '');
  return simple === undefined ? null : { kind: simple };
}

/** An entry of a timeline in the words of the port; null for one that nobody here asks about. */
export function eventOf(answer: TimelineAnswer): ItemEvent | null {
  const kind = kindOf(answer);
  const at = answer.created_at ?? null;
  return kind === null || at === null ? null : { ...kind, at, by: answer.actor?.login ?? 'ghost' };
}
