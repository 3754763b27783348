import { z } from 'zod';

/** What actors need of a running sandbox, in this process or another: its address and the tokens. */
export interface Stage {
  readonly apiUrl: string;
  readonly tokens: Readonly<Record<string, string>>;
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
  check_runs: z.array(z.object({ id: z.number(), name: z.string(), status: z.string(), conclusion: z.string().nullable() })),
});
const Ref = z.object({ object: z.object({ sha: z.string(), type: z.string() }) });
const Merged = z.object({ sha: z.string() });

async function ask(stage: Stage, by: string, method: string, path: string, body?: unknown): Promise<unknown> {
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
    const answer = CheckRuns.parse(await ask(stage, 'ci-bot', 'GET', path));
    all.push(...answer.check_runs);
    if (all.length >= answer.total_count || answer.check_runs.length === 0) return all;
  }
}

/**
 * Continuous integration ends checks of a ref with a conclusion: those named, or all that are not yet successful.
 * A failed one is run again under the same name, as a retry would be. Answers the names it ended.
 */
export async function finishChecks(
  stage: Stage,
  repo: Repo,
  ref: string,
  names: readonly string[] | 'all',
  conclusion: 'success' | 'failure' = 'success',
): Promise<readonly string[]> {
  const checks = await checksOf(stage, repo, ref);
  const chosen = checks.filter((check) => (names === 'all' ? check.conclusion !== conclusion : names.includes(check.name)));
  for (const check of chosen) {
    await ask(stage, 'ci-bot', 'PATCH', `${at(repo)}/check-runs/${check.id}`, { conclusion });
  }
  return chosen.map((check) => check.name);
}

/** The binary builds of a candidate tag turn green (or red); answers how many. */
export async function finishBuilds(
  stage: Stage,
  repo: Repo,
  tag: string,
  conclusion: 'success' | 'failure' = 'success',
): Promise<number> {
  return (await finishChecks(stage, repo, `tags/${tag}`, 'all', conclusion)).length;
}

/** The commit that a ref such as `heads/main` or `tags/v1` points at, tag objects as they are. */
export async function shaOf(stage: Stage, repo: Repo, ref: string): Promise<string> {
  const path = `${at(repo)}/git/ref/${ref.split('/').map(encodeURIComponent).join('/')}`;
  return Ref.parse(await ask(stage, 'ci-bot', 'GET', path)).object.sha;
}

/** Somebody closes an issue as completed. */
export async function closeIssue(stage: Stage, repo: Repo, number: number, by: string): Promise<void> {
  await ask(stage, by, 'PATCH', `${at(repo)}/issues/${number}`, { state: 'closed', state_reason: 'completed' });
}

/** Somebody other than the author approves a pull request and merges it; answers the commit on the base. */
export async function approveAndMergePull(
  stage: Stage,
  repo: Repo,
  number: number,
  by: string,
  method: 'merge' | 'squash' | 'rebase' = 'squash',
): Promise<string> {
  await ask(stage, by, 'POST', `${at(repo)}/pulls/${number}/reviews`, { event: 'APPROVE' });
  const merged = await ask(stage, by, 'PUT', `${at(repo)}/pulls/${number}/merge`, { merge_method: method });
  return Merged.parse(merged).sha;
}
