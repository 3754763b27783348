import { elapsedMillis, Instant } from '../../domain/instant.ts';
import { closest } from '../../domain/suggest.ts';
import type { Train } from '../../domain/train/train.ts';
import { patchNumber } from '../../domain/version.ts';
import type { FixesFacts, PickFacts } from './facts.ts';
import { fixesLink } from './link.ts';
import type { PickProblem } from './problem.ts';
import type { PickRecord } from './record.ts';
import { windowAt, type PickWindow } from './window.ts';

/** What a request says, and what was decided about it before. */
export interface Asked {
  readonly train: Train;
  readonly pr: number;
  readonly class: string;
  readonly fixes: string | null;
  readonly by: string;
  /** When it counts as asked for: the request, or the merge if that came later. */
  readonly at: Instant;
  readonly now: Instant;
  readonly record: PickRecord | null;
}

interface Named {
  readonly repo: string;
  readonly pr: number;
  readonly branch: string;
}

/** Every rule a request breaks, together: who asks learns all of it at once. */
export function ruleProblems(asked: Asked, facts: PickFacts): readonly PickProblem[] {
  const named: Named = { repo: facts.target.repo.key, pr: asked.pr, branch: facts.target.branch };
  const allowed = permissionProblems(asked, facts, named);
  // Somebody without rights is told of nothing else.
  if (allowed.length > 0) return allowed;
  const classes = classProblems(asked, named);
  if (classes.length > 0) return classes;
  const window = windowAt(asked.train, facts.target.release, facts.ends, asked.at);
  return [...windowProblems(asked, facts, named, window), ...issueProblems(asked, facts, named, window)];
}

function permissionProblems(asked: Asked, { permission, change }: PickFacts, named: Named): readonly PickProblem[] {
  const { askers } = asked.train.picks;
  if (askers === 'anyone' || asked.train.roles['release-manager'].includes(asked.by)) return [];
  const author = change.known && change.value.is === 'pull' ? change.value.author : null;
  if (askers === 'author-or-write' && author?.toLowerCase() === asked.by.toLowerCase()) return [];
  if (!permission.known)
    return [{ code: 'cannot-read', ...named, source: permission.source, reason: permission.reason }];
  if (permission.value === 'write' || permission.value === 'admin') return [];
  return [{ code: 'not-allowed', ...named, who: asked.by, author: author ?? 'its author', askers }];
}

function classProblems({ train, class: name }: Asked, named: Named): readonly PickProblem[] {
  const known = Object.keys(train.picks.classes);
  if (known.length === 0 || known.includes(name)) return [];
  return [{ code: 'unknown-class', ...named, class: name, known, suggestion: closest(name.toLowerCase(), known) }];
}

function windowProblems(
  asked: Asked,
  facts: PickFacts,
  named: Named,
  window: PickWindow | null,
): readonly PickProblem[] {
  if (window === null) return [];
  const { release } = facts.target;
  const { phase, closed } = window;
  const final = phase.classes.length === 0 && (closed?.phase ?? phase).late === 'final';
  const dispensation = asked.record?.dispensation ?? null;
  if (!final && dispensation !== null && elapsedMillis(asked.now, dispensation.until) > 0) return [];
  if (phase.classes.length === 0) {
    return [{ code: 'window-closed', ...named, release, closedAt: closed?.at ?? asked.at, final }];
  }
  if (phase.classes.includes(asked.class)) return [];
  const since = earlierEnd(asked, facts);
  return [
    { code: 'class-not-in-phase', ...named, class: asked.class, phase: phase.title, taken: phase.classes, since },
  ];
}

/** When the phase before ended: since when the class is not taken any more. */
function earlierEnd(asked: Asked, facts: PickFacts): Instant | null {
  const first = windowAt(asked.train, facts.target.release, facts.ends, FIRST_MOMENT);
  const ends = first === null ? [] : [first.closesAt, ...first.later.map(({ closesAt }) => closesAt)];
  return ends.findLast((end) => end !== null && elapsedMillis(end, asked.at) > 0) ?? null;
}

const FIRST_MOMENT = Instant.parse('1970-01-01T00:00:00Z');

function issueProblems(
  asked: Asked,
  facts: PickFacts,
  named: Named,
  window: PickWindow | null,
): readonly PickProblem[] {
  const { train, fixes } = asked;
  const { release, repo } = facts.target;
  const rule = train.picks.classes[asked.class];
  const need = patchNumber(release) === 0 ? rule?.issue : (rule?.issueInPatch ?? rule?.issue);
  const needsEvidence = (window?.closed?.phase ?? window?.phase)?.evidence === 'high-priority-issue-or-ci-failure';
  if (fixes === null) {
    if (needsEvidence) return [{ code: 'evidence-required', ...named, release, fixes, labels: [], run: null }];
    return need === 'required' ? [{ code: 'issue-required', ...named, class: asked.class, release }] : [];
  }
  const link = fixesLink(fixes, train, repo.entry.slug ?? null);
  const isNeeded = needsEvidence || need === 'required';
  // Where no issue is needed, what was typed is kept and shown, and nobody is stopped by it.
  if (link === null) return isNeeded ? [{ code: 'issue-not-a-link', ...named, fixes }] : [];
  if (!isNeeded || facts.fixes === null) return [];
  if (!facts.fixes.known) {
    return [{ code: 'cannot-read', ...named, source: facts.fixes.source, reason: facts.fixes.reason }];
  }
  const found = facts.fixes.value;
  if (found.is === 'missing') return [{ code: 'issue-missing', ...named, fixes }];
  if (!needsEvidence || isEvidence(found, train)) return [];
  const labels = found.is === 'issue' ? found.labels : [];
  const run = found.is === 'run' ? { failed: found.failed, onCandidate: found.candidate !== null } : null;
  return [{ code: 'evidence-required', ...named, release, fixes, labels, run }];
}

/** Seed: a patch takes only what fixes a high-priority issue or a CI failure of an earlier candidate. */
function isEvidence(found: FixesFacts, train: Train): boolean {
  switch (found.is) {
    case 'issue': {
      const labels = found.labels.map((label) => label.toLowerCase());
      return train.picks.highPriority.some((label) => labels.includes(label.toLowerCase()));
    }
    case 'run':
      return found.failed && found.candidate !== null;
    case 'missing':
    case 'other':
      return false;
  }
}
