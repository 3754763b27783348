import { approveAndMergePull, proposeChange, type Sandbox } from '../../../sandbox/index.ts';
import { ask } from './ask.ts';
import type { SandboxRepo } from './neighbours.ts';

/** A pull request that says which issues it closes, merged into main. Answers its commit there. */
export async function landFix(sandbox: Sandbox, repo: SandboxRepo, issues: readonly string[]): Promise<string> {
  const number = await proposeChange(sandbox, {
    ...repo,
    by: 'gita-r',
    branch: 'last-fixes',
    title: 'Last fixes before the cut',
    body: issues.map((issue) => `Fixes ${issue}.`).join(' '),
    files: { 'torch/last_fixes.py': 'mended = 1\n' },
  });
  return approveAndMergePull(sandbox, { ...repo, number, by: 'bruno-rm' });
}

const JOBS = [
  'pull / linux-jammy-py3.9-gcc11 / test (default, 1, 2)',
  'trunk / macos-py3-arm64 / test (default, 1, 1)',
];

/** CI finds the commit green, and moves the branch of what is green to it. */
export async function followMain(sandbox: Sandbox, { owner, name }: SandboxRepo, commit: string): Promise<void> {
  const base = `/repos/${owner}/${name}`;
  for (const context of JOBS) {
    await ask(sandbox, {
      by: 'ci-bot',
      method: 'POST',
      path: `${base}/statuses/${commit}`,
      body: { context, state: 'success' },
    });
  }
  await ask(sandbox, {
    by: 'ci-bot',
    method: 'PATCH',
    path: `${base}/git/refs/heads/viable/strict`,
    body: { sha: commit },
  });
}
