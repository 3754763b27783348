import { passesFilter } from './filter-pattern.ts';
import type { Workflow } from './workflow.ts';

/** Whether the push of a tag starts a workflow, and why; the reason is a sentence without its subject. */
export interface TagStart {
  readonly starts: boolean;
  readonly why: string;
  /** The line that decides. */
  readonly line: number;
}

/**
 * Whether GitHub runs the workflow when a tag is pushed. Without any filter of branches or tags every push starts it; with a filter of branches alone no
 * push of a tag does ("Events that trigger workflows", push). Filters of paths are not asked for tags.
 */
export function startsOnTag({ push, events }: Pick<Workflow, 'push' | 'events'>, tag: string): TagStart {
  if (push === null)
    return { starts: false, line: 1, why: `is not started by pushes (on: ${events.join(', ') || 'nothing'})` };
  const { line } = push.at;
  const { tags, tagsIgnore, branches, branchesIgnore } = push;
  if (tags !== null) {
    const { passes, wrong } = passesFilter(tags, tag);
    const broken = wrong.length === 0 ? '' : `; ${wrong.join(', ')} ${wrong.length === 1 ? 'is' : 'are'} no pattern`;
    const why = passes
      ? `is started by ${tag}`
      : `is not started by ${tag}: its tags are ${tags.join(', ') || 'none'}${broken}`;
    return { starts: passes, line, why };
  }
  if (tagsIgnore !== null) {
    const { passes } = passesFilter(tagsIgnore, tag);
    return {
      starts: !passes,
      line,
      why: passes ? `leaves out ${tag}: tags-ignore is ${tagsIgnore.join(', ')}` : `is started by ${tag}`,
    };
  }
  if (branches !== null || branchesIgnore !== null)
    return { starts: false, line, why: `is started by branches alone, not by ${tag}` };
  return { starts: true, line, why: `is started by every push, ${tag} too` };
}
