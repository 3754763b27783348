/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import type { RefLine } from './git.ts';
import { nextId, type RepoState } from './state.ts';

const candidateTag = /^refs\/tags\/(?<name>v\d+\.\d+\.\d+-rc\d+)$/u;
const releaseBranch = /^refs\/heads\/(?<name>release\/\d+\.\d+)$/u;

interface RunToStart {
  readonly name: string;
  readonly path: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly actor: string;
  readonly event: 'push' | 'workflow_dispatch';
  readonly jobs: readonly string[];
}

/** Puts a workflow's run with its queued jobs into the state, and answers its id; changes the draft. */
export function startRun(draft: RepoState, { jobs, ...run }: RunToStart, now: string): number {
  const suite = nextId(draft);
  const id = nextId(draft);
  draft.workflowRuns.push({
    ...run,
    id,
    suite,
    runNumber: draft.workflowRuns.length + 1,
    runAttempt: 1,
    status: 'queued',
    conclusion: null,
    createdAt: now,
    updatedAt: now,
  });
  for (const name of jobs) {
    draft.checkRuns.push({
      id: nextId(draft),
      suite,
      name,
      headSha: run.headSha,
      status: 'queued',
      conclusion: null,
      startedAt: null,
      completedAt: null,
      detailsUrl: null,
      externalId: run.headBranch,
      title: null,
      summary: null,
      text: null,
      app: 'github-actions',
      annotations: [],
      attempt: 1,
    });
  }
  return id;
}

/**
 * Starts the binary builds of every release candidate tag that has none yet, and the tests of every new head of a release branch; changes the draft. Run after
 * each push and on start, so that a kill between a push and its builds loses nothing.
 */
export function startBuilds(draft: RepoState, refs: readonly RefLine[], actor: string, now: string): readonly string[] {
  const started: string[] = [];
  for (const ref of refs) {
    const tag = candidateTag.exec(ref.ref)?.groups?.['name'];
    const branch = releaseBranch.exec(ref.ref)?.groups?.['name'];
    const name = tag ?? branch;
    const jobs = tag === undefined ? draft.jobsOnRelease : draft.buildsOnTag.map((cell) => `binary build ${cell}`);
    if (name === undefined || jobs.length === 0 || draft.builtTags.includes(`${name}@${ref.commit}`)) continue;
    const tests = { name: 'tests', path: '.github/workflows/trunk.yml' };
    const workflow = tag === undefined ? tests : draft.buildWorkflow;
    startRun(draft, { ...workflow, headBranch: name, headSha: ref.commit, actor, event: 'push', jobs }, now);
    draft.builtTags.push(`${name}@${ref.commit}`);
    started.push(name);
  }
  return started;
}
