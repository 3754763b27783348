import type { SetMilestoneStep } from '../../domain/plan/step.ts';
import type { ForgeIssues, ForgeItems } from '../../ports/forge.ts';
import type { StepDriver } from '../driver.ts';

/** Moves an item between milestones. One that is there already is adopted; one that somebody put elsewhere meanwhile stops the plan. */
export function setMilestoneDriver(forge: {
  readonly issues: ForgeIssues;
  readonly items: ForgeItems;
}): StepDriver<SetMilestoneStep> {
  return {
    async observe({ slug, item, from, to }) {
      const found = await forge.issues.get(slug, item);
      if (found === null) return { is: 'other', text: `${slug}#${item} does not exist` };
      const { milestone, link } = found;
      if (milestone === to) {
        const text = to === null ? `#${item} is in no milestone` : `#${item} is in milestone ${to}`;
        return { is: 'present', handle: { number: String(item), link }, text };
      }
      if (milestone === from) return { is: 'absent' };
      const where = milestone === null ? 'no milestone' : `milestone ${milestone}`;
      return { is: 'other', text: `${slug}#${item} is in ${where}: somebody put it there since the plan was made` };
    },
    async act({ slug, item, to }) {
      await forge.items.setMilestone(slug, item, to);
      return { acted: true, handle: { number: String(item) } };
    },
    reverse(step) {
      const { from, to, key, undo } = step;
      return { ...step, key: `undo:${key}`, from: to, to: from, reversible: 'yes', undo };
    },
  };
}
