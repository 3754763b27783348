import { approveAndMergePull, finishBuilds, proposeChange } from '../../../sandbox/index.ts';
import { openPulls, type SandboxRepo } from './neighbours.ts';
import type { Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';

const CORE: SandboxRepo = { owner: 'pytorch', name: 'pytorch' };
const BRANCH = 'release/2.8';
const ISSUE = 'https://github.com/pytorch/pytorch/issues/157999';

/** Fixes land on main, people ask for them on the release branch, and the second candidate has exactly what was decided. */
export async function playPicks(theatre: Theatre): Promise<void> {
  const { chapter, types } = theatre;
  await chapter('7. Cherry-picks: a clean one, a conflict, and those that are refused');
  await cleanPick(theatre);
  await conflict(theatre);
  await refusals(theatre);
  await chapter('8. A change is reverted on main: the line must follow');
  await revertToPropagate(theatre);
  await chapter('9. What is on the line, and the second candidate');
  await types('ada-rm', ['pick', 'list', RELEASE]);
  await types('ada-rm', ['branch', 'audit', 'pytorch', RELEASE]);
  await secondCandidate(theatre);
}

interface Change {
  readonly branch: string;
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly by?: string;
  readonly body?: string;
}

/** Somebody's change is reviewed and merged into main; answers the number of its pull request. */
async function landOnMain(
  { sandbox }: Theatre,
  { branch, title, files, by = 'gita-r', body = 'What and why.' }: Change,
): Promise<number> {
  const number = await proposeChange(sandbox, { ...CORE, by, branch, title, body, files });
  await approveAndMergePull(sandbox, { ...CORE, number, by: 'bruno-rm' });
  return number;
}

async function cleanPick(theatre: Theatre): Promise<void> {
  const { types, tell, sandbox } = theatre;
  const pr = await landOnMain(theatre, {
    branch: 'fix-nan',
    title: 'Fix NaN with float16 accumulation',
    files: { 'torch/accumulate.py': 'limit = 1\n' },
  });
  tell(`gita-r's fix #${pr} lands on main. She asks for it on the release branch:`);
  await types('gita-r', ['pick', 'request', String(pr), '--onto', BRANCH, '-c', 'critical', '--fixes', ISSUE, '--yes']);
  await types('ada-rm', ['pick', 'approve', String(pr), '--onto', BRANCH, '--yes']);
  await mergePicks(theatre, sandbox);
  await types('gita-r', ['find', `pytorch/pytorch#${pr}`]);
}

async function conflict(theatre: Theatre): Promise<void> {
  const { types, tell } = theatre;
  const first = await landOnMain(theatre, {
    branch: 'refactor-scatter',
    title: 'Refactor scatter',
    by: 'hugo-l',
    files: { 'torch/scatter.py': 'a = 2\nb = 1\n' },
  });
  const second = await landOnMain(theatre, {
    branch: 'fix-scatter',
    title: 'Fix silent wrong result in scatter',
    files: { 'torch/scatter.py': 'a = 3\nb = 1\n' },
  });
  tell(`#${first} changes a file on main, and #${second} fixes it there. Only the fix is asked for:`);
  await types(
    'gita-r',
    ['pick', 'request', String(second), '--onto', BRANCH, '-c', 'regression', '--fixes', ISSUE, '--yes'],
    6,
  );
  await types('gita-r', [
    'pick',
    'withdraw',
    String(second),
    '--onto',
    BRANCH,
    '-m',
    'goes into 2.9 with its refactoring',
    '--yes',
  ]);
}

async function refusals(theatre: Theatre): Promise<void> {
  const { types, tell } = theatre;
  const pr = await landOnMain(theatre, {
    branch: 'new-feature',
    title: 'A new way to export',
    files: { 'torch/export_again.py': 'on = 1\n' },
  });
  tell('A class that the train does not know, and a branch that is none:');
  await types('gita-r', ['pick', 'request', String(pr), '--onto', BRANCH, '-c', 'feature', '--yes'], 2);
  await types('gita-r', ['pick', 'request', String(pr), '--onto', 'relase/2.8', '-c', 'docs', '--yes'], 2);
}

async function revertToPropagate(theatre: Theatre): Promise<void> {
  const { types, tell, sandbox } = theatre;
  const pr = await landOnMain(theatre, {
    branch: 'layout-pass',
    title: 'New layout pass',
    by: 'hugo-l',
    files: { 'torch/layout.py': 'pass_on = 1\n' },
  });
  await types('hugo-l', [
    'pick',
    'request',
    String(pr),
    '--onto',
    BRANCH,
    '-c',
    'regression',
    '--fixes',
    ISSUE,
    '--yes',
  ]);
  await types('ada-rm', ['pick', 'approve', String(pr), '--onto', BRANCH, '--yes']);
  await mergePicks(theatre, sandbox);
  const revert = await landOnMain(theatre, {
    branch: 'revert-layout',
    title: `Revert "New layout pass (#${pr})"`,
    by: 'ivy-c',
    body: `Reverts pytorch/pytorch#${pr}`,
    files: { 'torch/layout.py': '' },
  });
  tell(`A day later #${revert} takes it back on main. Nobody has told the release branch:`);
  await types('ada-rm', ['pick', 'reverts', RELEASE], 3);
  await types('ada-rm', [
    'pick',
    'request',
    String(pr),
    '--onto',
    BRANCH,
    '-c',
    'regression',
    '--fixes',
    ISSUE,
    '--yes',
  ]);
  await mergePicks(theatre, sandbox);
  await types('ada-rm', ['pick', 'reverts', RELEASE]);
}

/** The release managers merge the picks' pull requests once they are approved. */
async function mergePicks({ tell }: Theatre, sandbox: Theatre['sandbox']): Promise<void> {
  const open = (await openPulls(sandbox, CORE)).filter(({ base }) => base === BRANCH);
  for (const { number } of open) await approveAndMergePull(sandbox, { ...CORE, number, by: 'bruno-rm' });
  if (open.length > 0) tell(`bruno-rm merges ${open.map(({ number }) => `#${number}`).join(', ')} into ${BRANCH}.`);
}

async function secondCandidate({ types, tell, sandbox }: Theatre): Promise<void> {
  const said = await types('ada-rm', ['rc', 'cut', RELEASE, '--yes'], 5);
  const id = /Plan (p[0-9a-z]{5})/.exec(said)?.[1] ?? '';
  for (const person of ['bruno-rm', 'cleo-core']) await types(person, ['plan', 'approve', id, '--yes']);
  await types('ada-rm', ['apply', id, '--confirm', `torch ${RELEASE}-rc2`]);
  await finishBuilds(sandbox, { ...CORE, tag: `v${RELEASE}-rc2` });
  tell('The second candidate is built. What is different in it:');
  await types('ada-rm', ['diff', `${RELEASE}-rc1`, `${RELEASE}-rc2`]);
}
