import { type Gate, withWaiver } from '../../domain/gate.ts';
import { tagOf } from '../../domain/version.ts';
import { type JobPlan, planJobs, startsOnTag } from '../../workflow/index.ts';
import type { BuildWorkflows, RepoTriggers } from './read-triggers.ts';
import { type FoundWorkflows, placeText, workflowGate, type WorkflowJudging } from './workflow-gate.ts';

/**
 * The gates `rc-trigger-present:REPO`: the push of a candidate's tag starts every workflow that builds the repository's files. Seed: "Drafting RCs". Without a
 * trigger the tag is there, which cannot be undone, and nothing is built. Waivers applied.
 */
export function decideTriggers(all: readonly RepoTriggers[], judging: WorkflowJudging): readonly Gate[] {
  return all.map((one) => {
    const gate = workflowGate('rc-trigger-present', one, judging, (found) => judgeStart(found, one));
    return withWaiver(gate, judging.waivers, judging.now);
  });
}

function judgeStart({ workflows, where, rerun, evidence: of }: FoundWorkflows, { repo, patterns }: RepoTriggers) {
  const tag = `${tagOf(repo.release)}-rc1`;
  const { bad, count, lines } = judgeWorkflows(workflows, tag);
  const evidence = of(lines);
  if (count === 0) {
    return {
      verdict: 'failing' as const,
      evidence,
      summary: `${where} has no workflow ${patterns.join(' or ')}`,
      fix: `correct repos.${repo.key}.binaries.workflows in the train file, or add the workflow`,
    };
  }
  const [first] = bad;
  if (first !== undefined) {
    const more = bad.length === 1 ? '' : `, and ${bad.length - 1} more of ${count}`;
    return {
      verdict: 'failing' as const,
      evidence,
      summary: `${first}${more}`,
      fix: `add the tags of candidates to its on.push on ${workflows.branch}; then ${rerun}`,
    };
  }
  const all = count === 1 ? 'its build workflow' : `all ${count} build workflows`;
  return { verdict: 'pass' as const, evidence, summary: `${where}: ${tag} starts ${all}` };
}

/** `12 jobs`, `3 jobs, and those of a matrix that is made when it runs`. */
function jobsText({ jobs, gaps }: JobPlan): string {
  const known = `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}`;
  const unknown = [
    ...(gaps.some(({ kind }) => kind === 'dynamic') ? ['those of a matrix that is made when it runs'] : []),
    ...(gaps.some(({ kind }) => kind === 'elsewhere') ? ['those of a workflow in another repository'] : []),
  ];
  return jobs.length === 0 && unknown.length > 0 ? unknown.join(', and ') : [known, ...unknown].join(', and ');
}

function judgeWorkflows({ workflows, files, problems }: BuildWorkflows, tag: string) {
  const started = workflows.map((workflow) => ({
    workflow,
    start: startsOnTag(workflow, tag),
    plan: planJobs(workflow, files),
  }));
  const texts = started.map(({ workflow, start, plan }) => ({
    starts: start.starts,
    text: `${placeText({ path: workflow.path, line: start.line })} ${start.why}${start.starts ? `: ${jobsText(plan)}` : ''}`,
  }));
  const bad = [
    ...problems.map(({ at, text }) => `${placeText(at)} ${text}`),
    ...texts.flatMap(({ starts, text }) => (starts ? [] : [text])),
    // A call that cannot be followed ends the whole run at its start.
    ...started.flatMap(({ plan }) =>
      plan.gaps.flatMap(({ kind, at, text }) => (kind === 'wrong' ? [`${placeText(at)} ${text}`] : [])),
    ),
  ];
  return {
    bad,
    count: workflows.length + problems.length,
    lines: [...bad, ...texts.flatMap(({ starts, text }) => (starts ? [text] : []))],
  };
}
