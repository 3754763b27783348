import type { PlanRow } from '../../api/views/plan.ts';
import type { Inline, PageRoom, State } from '../doc.ts';

const LOOKS: Readonly<Record<PlanRow['state'], State>> = {
  made: 'queued',
  partial: 'needs-you',
  finished: 'pass',
  dropped: 'skipped',
};

/** The plan's own word, with a shape: one that was published and cannot be taken back is permanent. */
export function planState({ state, permanent }: Pick<PlanRow, 'state' | 'permanent'>): Inline {
  return { kind: 'state', state: state === 'finished' && permanent ? 'permanent' : LOOKS[state], word: state };
}

/** Whether a plan that was not begun is too old to be. */
export function isOver({ state, goodUntil }: Pick<PlanRow, 'state' | 'goodUntil'>, { now }: PageRoom): boolean {
  return state === 'made' && now >= goodUntil;
}

/** What a plan waits for, in one word; nothing for one that is over. */
export function waitsFor(plan: PlanRow, room: PageRoom): string {
  if (plan.state === 'finished' || plan.state === 'dropped') return '';
  if (isOver(plan, room)) return 'too old: make it again';
  const missing = plan.approvalsNeeded - plan.approvals;
  if (missing > 0) return `${missing} of ${plan.approvalsNeeded} approvals`;
  return plan.state === 'partial' ? 'somebody to go on with it' : 'somebody to apply it';
}
