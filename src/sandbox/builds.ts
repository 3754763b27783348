import type { RefLine } from './git.ts';
import { nextId, type RepoState } from './state.ts';

const candidateTag = /^refs\/tags\/(?<name>v\d+\.\d+\.\d+-rc\d+)$/u;

/** The workflow that a release candidate tag starts. */
const buildWorkflow = { name: 'Build binaries', path: '.github/workflows/build-binaries.yml' } as const;

/**
 * Starts the binary builds of every release candidate tag that has none yet; changes the draft. Run after each push
 * and on start, so that a kill between a push and its builds loses nothing.
 */
export function startBuilds(draft: RepoState, tags: readonly RefLine[], actor: string, now: string): readonly string[] {
  if (draft.buildsOnTag.length === 0) return [];
  const started: string[] = [];
  for (const tag of tags) {
    const name = candidateTag.exec(tag.ref)?.groups?.['name'];
    if (name === undefined || draft.builtTags.includes(`${name}@${tag.commit}`)) continue;
    const suite = nextId(draft);
    draft.workflowRuns.push({
      id: nextId(draft),
      suite,
      ...buildWorkflow,
      headBranch: name,
      headSha: tag.commit,
      event: 'push',
      actor,
      runNumber: draft.workflowRuns.length + 1,
      runAttempt: 1,
      status: 'queued',
      conclusion: null,
      createdAt: now,
      updatedAt: now,
    });
    for (const cell of draft.buildsOnTag) {
      draft.checkRuns.push({
        id: nextId(draft),
        suite,
        name: `binary build ${cell}`,
        headSha: tag.commit,
        status: 'queued',
        conclusion: null,
        startedAt: null,
        completedAt: null,
        detailsUrl: null,
        externalId: name,
        title: null,
        summary: null,
        text: null,
        app: 'github-actions',
      });
    }
    draft.builtTags.push(`${name}@${tag.commit}`);
    started.push(name);
  }
  return started;
}
