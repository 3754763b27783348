import type { RepoSlug } from '../domain/repo.ts';
import type { MemoryForge } from './memory-forge.ts';
import { CORE, pickWorld, type PickWorld } from './pick-app.ts';

/** Roles and rules of a train that makes patch releases; `more`: members of its `patches` and of the train to set. */
export function patchTrain(more: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) {
  return {
    roles: { 'release-manager': ['rita', 'ann'], 'repo-owner': [], 'triage-reviewer': ['tess'], approver: ['bob'] },
    patches: {
      since: '2.1',
      totalWeeks: { from: 4, to: 5 },
      regression: { labels: ['regression'] },
      severe: { labels: ['crash'] },
      documentation: { labels: ['docs'] },
      criteria: [
        { id: 'core-functionality', question: 'Does it break core functionality?', yes: { labels: ['high priority'] } },
        {
          id: 'no-workaround',
          question: 'Is there no workaround?',
          yes: { words: ['no workaround'] },
          no: { words: ['workaround:'] },
        },
      ],
      phases: [
        { id: 'triage', title: 'Triage', weeks: 2 },
        { id: 'go-no-go', title: 'Go or no go', weeks: 0 },
        { id: 'picks', title: 'Cherry-picking', weeks: 2 },
        { id: 'build-and-test', title: 'Binaries and tests', weeks: 2 },
        { id: 'ga', title: 'General availability', weeks: 0 },
      ],
      ...more,
    },
    ...rest,
  };
}

/** The world of picks with a train that makes patch releases. */
export function patchWorld(folder: string, train = patchTrain()): Promise<PickWorld> {
  return pickWorld(folder, train);
}

/** An issue that carries the label of triage, and others; its number. */
export async function candidate(
  forge: MemoryForge,
  draft: { readonly title: string; readonly body?: string; readonly labels?: readonly string[] },
  slug: RepoSlug = CORE,
): Promise<number> {
  const { title, body = '', labels = [] } = draft;
  const number = forge.writeIssue(slug, 'alice', { title, body });
  await forge.forge.labels.add(slug, number, ['triage review', ...labels]);
  return number;
}
