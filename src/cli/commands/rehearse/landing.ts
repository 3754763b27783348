import { approveAndMergePull, proposeChange } from '../../../sandbox/index.ts';
import { openPulls, type SandboxRepo } from './neighbours.ts';
import type { Theatre } from './theatre.ts';

const CORE: SandboxRepo = { owner: 'pytorch', name: 'pytorch' };
export const BRANCH = 'release/2.8';

/** A change that somebody writes for main of the core repository. */
export interface Change {
  readonly branch: string;
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly by?: string;
  readonly body?: string;
}

/** Somebody's change is reviewed and merged into main; answers the number of its pull request. */
export async function landOnMain(
  { sandbox }: Theatre,
  { branch, title, files, by = 'gita-r', body = 'What and why.' }: Change,
): Promise<number> {
  const number = await proposeChange(sandbox, { ...CORE, by, branch, title, body, files });
  await approveAndMergePull(sandbox, { ...CORE, number, by: 'bruno-rm' });
  return number;
}

/** The release managers merge the pull requests of picks once they are approved. */
export async function mergePicks({ tell, sandbox }: Theatre): Promise<void> {
  const open = (await openPulls(sandbox, CORE)).filter(({ base }) => base === BRANCH);
  for (const { number } of open) await approveAndMergePull(sandbox, { ...CORE, number, by: 'bruno-rm' });
  if (open.length > 0) tell(`bruno-rm merges ${open.map(({ number }) => `#${number}`).join(', ')} into ${BRANCH}.`);
}

/** The words of a request for a pick. */
export function pickRequest(pr: number, name: string, issue: string): readonly string[] {
  return ['pick', 'request', String(pr), '--onto', BRANCH, '-c', name, '--fixes', issue, '--yes'];
}
