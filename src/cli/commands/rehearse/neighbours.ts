import { z } from 'zod';
import { approveAndMergePull, type Sandbox } from '../../../sandbox/index.ts';
import { ask } from './ask.ts';

const OpenPulls = z.array(z.object({ number: z.number(), title: z.string(), user: z.object({ login: z.string() }) }));
const OpenIssues = z.array(z.object({ number: z.number(), title: z.string(), pull_request: z.unknown().optional() }));

export interface SandboxRepo {
  readonly owner: string;
  readonly name: string;
}

/** Reviewers read the open pull requests of a repository and merge them; answers their numbers and titles. */
export async function reviewAndMerge(
  sandbox: Sandbox,
  repo: SandboxRepo,
  by: string,
): Promise<readonly { readonly number: number; readonly title: string }[]> {
  const open = OpenPulls.parse(
    await ask(sandbox, { by, path: `/repos/${repo.owner}/${repo.name}/pulls?state=open&per_page=100` }),
  );
  for (const { number } of open) await approveAndMergePull(sandbox, { ...repo, number, by });
  return open;
}

/** The open pull requests of a repository with the branches they are to go to. */
export async function openPulls(
  sandbox: Sandbox,
  repo: SandboxRepo,
): Promise<readonly { readonly number: number; readonly title: string; readonly base: string }[]> {
  const path = `/repos/${repo.owner}/${repo.name}/pulls?state=open&per_page=100`;
  const Pulls = z.array(z.object({ number: z.number(), title: z.string(), base: z.object({ ref: z.string() }) }));
  const pulls = Pulls.parse(await ask(sandbox, { by: 'ci-bot', path }));
  return pulls.map(({ number, title, base }) => ({ number, title, base: base.ref }));
}

/** The open issues of a milestone. */
export async function openInMilestone(
  sandbox: Sandbox,
  repo: SandboxRepo,
  title: string,
): Promise<readonly { readonly number: number; readonly title: string }[]> {
  const base = `/repos/${repo.owner}/${repo.name}`;
  const milestones = z
    .array(z.object({ number: z.number(), title: z.string() }))
    .parse(await ask(sandbox, { by: 'ci-bot', path: `${base}/milestones?state=open&per_page=100` }));
  const found = milestones.find((milestone) => milestone.title === title);
  if (found === undefined) return [];
  const issues = OpenIssues.parse(
    await ask(sandbox, { by: 'ci-bot', path: `${base}/issues?milestone=${found.number}&state=open&per_page=100` }),
  );
  return issues.filter((issue) => issue.pull_request === undefined);
}

const Content = z.object({ content: z.string() });

/** A file of the main branch, as its author opens it. */
export function fileOnMain(sandbox: Sandbox, repo: SandboxRepo, path: string): Promise<string> {
  return fileAt(sandbox, repo, { path, branch: 'main' });
}

/** A file of a branch. */
export async function fileAt(
  sandbox: Sandbox,
  { owner, name }: SandboxRepo,
  { path, branch }: { readonly path: string; readonly branch: string },
): Promise<string> {
  const at = `/repos/${owner}/${name}/contents/${path}?ref=${encodeURIComponent(branch)}`;
  const { content } = Content.parse(await ask(sandbox, { by: 'ci-bot', path: at }));
  return Buffer.from(content, 'base64').toString('utf8');
}

/** The default branch of a repository of the world. */
export async function defaultBranch(sandbox: Sandbox, { owner, name }: SandboxRepo): Promise<string> {
  return z
    .object({ default_branch: z.string() })
    .parse(await ask(sandbox, { by: 'ci-bot', path: `/repos/${owner}/${name}` })).default_branch;
}

/** A release manager opens the milestone of a release, unless it is there. */
export async function openMilestone(sandbox: Sandbox, { owner, name }: SandboxRepo, title: string): Promise<void> {
  const answer = await fetch(`${sandbox.apiUrl}/repos/${owner}/${name}/milestones`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.tokens['ada-rm'] ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title }),
  });
  // 422: it exists.
  if (!answer.ok && answer.status !== 422)
    throw new Error(`ada-rm could not open the milestone ${title} in the sandbox: ${answer.status}`);
}
