import type { OpenPullRequestStep } from '../../domain/plan/step.ts';
import type { Forge, PullRequest } from '../../ports/forge.ts';
import type { ActAnswer, StepDriver } from '../driver.ts';

/**
 * Opens a pull request and puts it into its milestone; one that is open or merged for the same two branches is adopted, one that people closed is
 * not opened again. A milestone that people chose stays.
 */
export function openPullRequestDriver(
  forge: Pick<Forge, 'pulls' | 'issues' | 'items' | 'milestones'>,
): StepDriver<OpenPullRequestStep> {
  const lacksMilestone = async ({ slug, milestone }: OpenPullRequestStep, pull: PullRequest): Promise<boolean> =>
    milestone !== undefined && pull.state === 'open' && (await forge.issues.get(slug, pull.number))?.milestone === null;
  return {
    async observe(step) {
      const found = await forge.pulls.find(step.slug, { head: step.head, base: step.base });
      const living = found.find((pull) => pull.state !== 'closed');
      if (living !== undefined) {
        // Opened, and interrupted before it was in its milestone: not done yet, and opening it once more finds it.
        if (await lacksMilestone(step, living)) return { is: 'absent' };
        return { is: 'present', handle: handleOf(living), text: `#${living.number}, ${living.state}` };
      }
      const [closed] = found;
      if (closed === undefined) return { is: 'absent' };
      return {
        is: 'other',
        text: `#${closed.number} from ${step.head} to ${step.base} was closed without merging; reopen it, or delete its branch and plan again`,
      };
    },
    async act(step): Promise<ActAnswer> {
      const { slug, head, base, title, body, draft, milestone } = step;
      if (milestone !== undefined && (await forge.milestones.find(slug, milestone)) === null) {
        return {
          acted: false,
          reason: `${slug} has no milestone ${milestone} any more. Nothing was opened; create it, or plan again without`,
        };
      }
      const pull = await forge.pulls.open(slug, { head, base, title, body, draft });
      if (milestone !== undefined && (await lacksMilestone(step, pull)))
        await forge.items.setMilestone(slug, pull.number, milestone);
      return { acted: true, handle: handleOf(pull) };
    },
    reverse(step, handle) {
      return {
        kind: 'close',
        key: `undo:${step.key}`,
        wave: step.wave,
        reversible: 'yes',
        undo: 'reopen it',
        repo: step.repo,
        slug: step.slug,
        what: 'pull-request',
        number: Number(handle['number']),
        title: step.title,
        ...(step.milestone === undefined ? {} : { milestone: step.milestone }),
      };
    },
  };
}

function handleOf(pull: PullRequest): Record<string, string> {
  return { number: String(pull.number), link: pull.link };
}
