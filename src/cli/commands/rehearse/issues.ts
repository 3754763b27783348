import { z } from 'zod';
import type { Sandbox } from '../../../sandbox/index.ts';
import { ask } from './ask.ts';
import type { SandboxRepo } from './neighbours.ts';

const Numbered = z.object({ number: z.number() });
const Milestones = z.array(z.object({ number: z.number(), title: z.string() }));

/** An issue as somebody opens it on the forge. */
export interface Report {
  readonly by: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

/** Somebody reports something, and ci-bot puts the labels on it; answers its number. */
export async function reportIssue(
  sandbox: Sandbox,
  repo: SandboxRepo,
  { by, title, body, labels }: Report,
): Promise<number> {
  const path = `${at(repo)}/issues`;
  const { number } = Numbered.parse(await ask(sandbox, { by, method: 'POST', path, body: { title, body } }));
  await labelItem(sandbox, repo, { by: 'ci-bot', number, labels });
  return number;
}

/** Puts labels on an issue or a pull request. */
export async function labelItem(
  sandbox: Sandbox,
  repo: SandboxRepo,
  { by, number, labels }: { readonly by: string; readonly number: number; readonly labels: readonly string[] },
): Promise<void> {
  await ask(sandbox, { by, method: 'POST', path: `${at(repo)}/issues/${number}/labels`, body: { labels } });
}

/** Puts an issue into an open milestone, by its title. */
export async function intoMilestone(
  sandbox: Sandbox,
  repo: SandboxRepo,
  { by, number, title }: { readonly by: string; readonly number: number; readonly title: string },
): Promise<void> {
  const path = `${at(repo)}/milestones?state=open&per_page=100`;
  const found = Milestones.parse(await ask(sandbox, { by, method: 'GET', path })).find((one) => one.title === title);
  if (found === undefined) throw new Error(`there is no open milestone ${title} in the sandbox`);
  const body = { milestone: found.number };
  await ask(sandbox, { by, method: 'PATCH', path: `${at(repo)}/issues/${number}`, body });
}

function at({ owner, name }: SandboxRepo): string {
  return `/repos/${owner}/${name}`;
}
