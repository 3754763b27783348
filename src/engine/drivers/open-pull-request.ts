import type { OpenPullRequestStep } from '../../domain/plan/step.ts';
import type { ForgePulls, PullRequest } from '../../ports/forge.ts';
import type { StepDriver } from '../driver.ts';

/** Opens a pull request; one that is open or merged for the same two branches is adopted, one that people closed is not opened again. */
export function openPullRequestDriver(pulls: ForgePulls): StepDriver<OpenPullRequestStep> {
  return {
    async observe(step) {
      const found = await pulls.find(step.slug, { head: step.head, base: step.base });
      const living = found.find((pull) => pull.state !== 'closed');
      if (living !== undefined)
        return { is: 'present', handle: handleOf(living), text: `#${living.number}, ${living.state}` };
      const [closed] = found;
      if (closed === undefined) return { is: 'absent' };
      return {
        is: 'other',
        text: `#${closed.number} from ${step.head} to ${step.base} was closed without merging; reopen it, or delete its branch and plan again`,
      };
    },
    async act(step) {
      const { head, base, title, body, draft } = step;
      return { acted: true, handle: handleOf(await pulls.open(step.slug, { head, base, title, body, draft })) };
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
      };
    },
  };
}

function handleOf(pull: PullRequest): Record<string, string> {
  return { number: String(pull.number), link: pull.link };
}
