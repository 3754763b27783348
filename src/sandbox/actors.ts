import { z } from 'zod';

/** What actors need of a running sandbox, in this process or another: its address and the tokens. */
export interface Stage {
  readonly apiUrl: string;
  readonly tokens: Readonly<Record<string, string>>;
  /** When its people commit; the real time where it does not say. ISO 8601 UTC. */
  readonly now?: () => string;
}

/** An actor was refused by the sandbox: who asked what, and the answer. */
export class ActorError extends Error {
  override readonly name = 'ActorError';
}

interface Repo {
  readonly owner: string;
  readonly name: string;
}

const CheckRuns = z.object({
  total_count: z.number(),
  check_runs: z.array(
    z.object({ id: z.number(), name: z.string(), status: z.string(), conclusion: z.string().nullable() }),
  ),
});
const Merged = z.object({ sha: z.string() });

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

async function ask(stage: Stage, by: string, { method, path, body }: Request): Promise<unknown> {
  const token = stage.tokens[by];
  if (token === undefined) throw new ActorError(`There is no account "${by}" in this world.`);
  const response = await fetch(`${stage.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new ActorError(`${by}: ${method} ${path} was answered ${response.status}: ${text}`);
  const value: unknown = text === '' ? null : JSON.parse(text);
  return value;
}

const at = ({ owner, name }: Repo) => `/repos/${owner}/${name}`;

/** The newest run of each check of a ref. */
async function checksOf(stage: Stage, repo: Repo, ref: string) {
  const all: z.infer<typeof CheckRuns>['check_runs'] = [];
  for (let page = 1; ; page += 1) {
    const path = `${at(repo)}/commits/${encodeURIComponent(ref)}/check-runs?per_page=100&page=${page}`;
    const answer = CheckRuns.parse(await ask(stage, 'ci-bot', { method: 'GET', path }));
    all.push(...answer.check_runs);
    if (all.length >= answer.total_count || answer.check_runs.length === 0) return all;
  }
}

export interface ChecksToFinish extends Repo {
  /** A branch, `tags/NAME`, or a sha. */
  readonly ref: string;
  /** Absent: all that do not have the conclusion yet. */
  readonly names?: readonly string[];
  readonly conclusion?: 'success' | 'failure';
}

/** Continuous integration ends checks of a ref with a conclusion, success unless told; answers the names it ended. */
export async function finishChecks(stage: Stage, asked: ChecksToFinish): Promise<readonly string[]> {
  const { ref, names, conclusion = 'success' } = asked;
  const chosen = (await checksOf(stage, asked, ref)).filter(
    (check) => names?.includes(check.name) ?? check.conclusion !== conclusion,
  );
  const unknown = names?.find((name) => !chosen.some((check) => check.name === name));
  if (unknown !== undefined) throw new ActorError(`${asked.owner}/${asked.name} has no check "${unknown}" on ${ref}.`);
  for (const { id } of chosen) {
    await ask(stage, 'ci-bot', { method: 'PATCH', path: `${at(asked)}/check-runs/${id}`, body: { conclusion } });
  }
  return chosen.map((check) => check.name);
}

export interface BuildsToFinish extends Repo {
  readonly tag: string;
  readonly conclusion?: 'success' | 'failure';
}

/** The binary builds of a candidate tag turn green (or red), and with them all other checks of its commit; answers how many builds there were. */
export async function finishBuilds(stage: Stage, { tag, ...asked }: BuildsToFinish): Promise<number> {
  const names = await finishChecks(stage, { ...asked, ref: `tags/${tag}` });
  return names.filter((name) => name.startsWith('binary build ')).length;
}

/** Somebody closes an issue as completed. */
export async function closeIssue(stage: Stage, asked: Repo & { readonly number: number; readonly by: string }) {
  const body = { state: 'closed', state_reason: 'completed' };
  await ask(stage, asked.by, { method: 'PATCH', path: `${at(asked)}/issues/${asked.number}`, body });
}

export interface PullToMerge extends Repo {
  readonly number: number;
  /** Not the author: nobody approves their own. */
  readonly by: string;
  /** Squash unless told. */
  readonly method?: 'merge' | 'squash' | 'rebase';
}

/** Somebody approves a pull request and merges it; answers the commit on the base. */
export async function approveAndMergePull(stage: Stage, asked: PullToMerge): Promise<string> {
  const { number, by, method = 'squash' } = asked;
  const pull = `${at(asked)}/pulls/${number}`;
  await ask(stage, by, { method: 'POST', path: `${pull}/reviews`, body: { event: 'APPROVE' } });
  const body = { merge_method: method };
  return Merged.parse(await ask(stage, by, { method: 'PUT', path: `${pull}/merge`, body })).sha;
}

export interface WorkflowToRun extends Repo {
  readonly by: string;
  /** File name of the workflow: validate-binaries.yml. */
  readonly workflow: string;
  /** The branch it runs on. */
  readonly ref: string;
  /** What each job says in its annotations, by its name: title and message. */
  readonly says: (job: string) => { readonly title: string; readonly message: string } | null;
}

const Runs = z.object({ workflow_runs: z.array(z.object({ id: z.number() })) });
const Jobs = z.object({ total_count: z.number(), jobs: z.array(z.object({ id: z.number(), name: z.string() })) });

/** Somebody starts a workflow by hand, and continuous integration ends all its jobs well; answers how many there were. */
export async function runWorkflow(stage: Stage, { by, workflow, ref, says, ...repo }: WorkflowToRun): Promise<number> {
  await ask(stage, by, { method: 'POST', path: `${at(repo)}/actions/workflows/${workflow}/dispatches`, body: { ref } });
  const query = `branch=${encodeURIComponent(ref)}&event=workflow_dispatch&per_page=1`;
  const runs = Runs.parse(await ask(stage, 'ci-bot', { method: 'GET', path: `${at(repo)}/actions/runs?${query}` }));
  const path = `${at(repo)}/actions/runs/${runs.workflow_runs[0]?.id ?? 0}/jobs?per_page=100`;
  const { jobs } = Jobs.parse(await ask(stage, 'ci-bot', { method: 'GET', path }));
  for (const { id, name } of jobs) {
    const said = says(name);
    const output = said === null ? {} : { output: { title: name, summary: 'passed', annotations: [said] } };
    const body = { conclusion: 'success', ...output };
    await ask(stage, 'ci-bot', { method: 'PATCH', path: `${at(repo)}/check-runs/${id}`, body });
  }
  return jobs.length;
}
