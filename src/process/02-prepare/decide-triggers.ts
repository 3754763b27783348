import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Train } from '../../domain/train/train.ts';
import { type ReleaseVersion, tagOf } from '../../domain/version.ts';
import { type JobPlan, planJobs, startsOnTag, type WorkflowPlace } from '../../workflow/index.ts';
import type { BuildWorkflows, RepoTriggers } from './read-triggers.ts';

const MOST_EVIDENCE = 30;

/**
 * The gates `rc-trigger-present:REPO`: the push of a candidate's tag starts every workflow that builds the repository's files. Seed: "Drafting RCs". Without a
 * trigger the tag is there, which cannot be undone, and nothing is built. Waivers applied.
 */
export function decideTriggers(
  all: readonly RepoTriggers[],
  {
    train,
    release,
    waivers,
    now,
  }: {
    readonly train: Train;
    readonly release: ReleaseVersion;
    readonly waivers: readonly Waiver[];
    readonly now: Instant;
  },
): readonly Gate[] {
  const managers = train.roles['release-manager'];
  return all.map((one) => withWaiver(gateOf(one, release, managers), waivers, now));
}

function gateOf({ repo, patterns, found }: RepoTriggers, release: ReleaseVersion, managers: readonly string[]): Gate {
  const id = GateId.parse(`rc-trigger-present:${repo.key}`);
  const gate = emptyGate(id, [...new Set([...repo.entry.owners, ...managers])]);
  const rerun = `signalbox gate run ${release} ${id}`;
  if (!found.known)
    return { ...gate, summary: `could not be read: ${found.reason}`, fix: `make it readable, then ${rerun}` };
  if (found.value === null)
    return {
      ...gate,
      verdict: 'failing',
      summary: `${repo.key} has neither ${repo.branch} nor ${repo.entry.source}`,
      fix: `correct repos.${repo.key}.source in the train file`,
    };
  const judged = judgeWorkflows(found.value, `${tagOf(repo.release)}-rc1`);
  const { at, source } = found;
  const evidence = judged.lines.slice(0, MOST_EVIDENCE).map((text) => ({ text, source, at }));
  const where = `${repo.key} ${found.value.branch} at ${shortId(found.value.commit)}`;
  if (judged.count === 0) {
    return {
      ...gate,
      verdict: 'failing',
      evidence,
      summary: `${where} has no workflow ${patterns.join(' or ')}`,
      fix: `correct repos.${repo.key}.binaries.workflows in the train file, or add the workflow`,
    };
  }
  if (judged.bad.length > 0) {
    const [first] = judged.bad;
    const more = judged.bad.length === 1 ? '' : `, and ${judged.bad.length - 1} more of ${judged.count}`;
    return {
      ...gate,
      verdict: 'failing',
      evidence,
      summary: `${first}${more}`,
      fix: `add the tags of candidates to its on.push on ${found.value.branch}; then ${rerun}`,
    };
  }
  return {
    ...gate,
    verdict: 'pass',
    evidence,
    summary: `${where}: ${tagOf(repo.release)}-rc1 starts ${judged.count === 1 ? 'its build workflow' : `all ${judged.count} build workflows`}`,
  };
}

function placeText({ path, line }: WorkflowPlace): string {
  return `${path}:${line}`;
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
