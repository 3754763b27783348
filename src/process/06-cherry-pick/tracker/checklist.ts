import { inline } from '../render/escape.ts';
import { parseTrackerTitle } from './title.ts';

/** An item of the milestone. */
export interface MilestoneItem {
  readonly number: number;
  readonly title: string;
  readonly isPullRequest: boolean;
  readonly open: boolean;
}

/** The items of a milestone that have to be looked at: trackers are not among them, however their titles are written (TRK-04). */
export function checkedItems(items: readonly MilestoneItem[]): readonly MilestoneItem[] {
  return items.filter(({ title }) => parseTrackerTitle(title) === null);
}

/** The milestone as a checklist, closed items ticked, open ones first, by number. */
export function milestoneChecklist(items: readonly MilestoneItem[]): readonly string[] {
  const sorted = checkedItems(items).toSorted(
    (left, right) => Number(right.open) - Number(left.open) || left.number - right.number,
  );
  return sorted.map(
    ({ number, title, isPullRequest, open }) =>
      `- [${open ? ' ' : 'x'}] #${number} ${inline(title, 120)}${isPullRequest ? '' : ' (issue)'}`,
  );
}
