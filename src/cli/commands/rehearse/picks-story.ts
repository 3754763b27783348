import { nextCandidate } from './candidate-story.ts';
import { BRANCH, landOnMain, mergePicks, pickRequest } from './landing.ts';
import { fileOnMain, type SandboxRepo } from './neighbours.ts';
import type { Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';

const CORE: SandboxRepo = { owner: 'pytorch', name: 'pytorch' };
const ISSUE = 'https://github.com/pytorch/pytorch/issues/157999';

/** How many days pass in the story of picks. */
export interface PickDays {
  readonly beforeReverts: number;
  /** Far enough that the last day for picks is over. */
  readonly beforeTheEnd: number;
}

/** Fixes land on main, people ask for them on the release branch, and the second candidate has exactly what was decided. */
export async function playPicks(theatre: Theatre, { beforeReverts, beforeTheEnd }: PickDays): Promise<void> {
  const { chapter, types, later } = theatre;
  await chapter('Cherry-picks: a clean one, a conflict, and those that are refused');
  await cleanPick(theatre);
  await conflict(theatre);
  await refusals(theatre);
  await releaseOnlyPin(theatre);
  later(beforeReverts);
  await chapter('Changes are reverted on main: the line must follow');
  await revertToPropagate(theatre);
  await alreadyReverted(theatre);
  await chapter('After the last day for picks: a late request, and the second candidate');
  await lateRequest(theatre, beforeTheEnd);
  await types('ada-rm', ['pick', 'list', RELEASE]);
  await types('ada-rm', ['branch', 'audit', 'pytorch', RELEASE]);
  await nextCandidate(theatre, { before: `${RELEASE}-rc1`, candidate: `${RELEASE}-rc2` });
}

async function cleanPick(theatre: Theatre): Promise<void> {
  const { types, tell } = theatre;
  const pr = await landOnMain(theatre, {
    branch: 'fix-nan',
    title: 'Fix NaN with float16 accumulation',
    files: { 'torch/accumulate.py': 'limit = 1\n' },
  });
  tell(`gita-r's fix #${pr} lands on main. She asks for it on the release branch:`);
  await types('gita-r', ask(pr, 'critical'));
  await types('ada-rm', ['pick', 'approve', String(pr), '--onto', BRANCH, '--yes']);
  await mergePicks(theatre);
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
  await types('gita-r', ask(second, 'regression'), 6);
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

/** Git sees no conflict: main tried for a day what the branch was given for good. */
async function releaseOnlyPin(theatre: Theatre): Promise<void> {
  const { types, tell, sandbox } = theatre;
  const path = '.github/workflows/build-binaries.yml';
  const nightly = await fileOnMain(sandbox, CORE, path);
  const test = nightly.replace('channel: nightly', 'channel: test');
  await landOnMain(theatre, {
    branch: 'try-test-channel',
    title: 'Build from the test channel for a day',
    by: 'ines-infra',
    files: { [path]: test },
  });
  const back = await landOnMain(theatre, {
    branch: 'back-to-nightly',
    title: 'Build from nightlies again',
    by: 'ines-infra',
    files: { [path]: nightly },
  });
  tell(`main built from the test channel for a day, and #${back} ends that. On the release branch it must stay so:`);
  await types('ines-infra', ['pick', 'request', String(back), '--onto', BRANCH, '-c', 'release', '--yes'], 5);
}

async function revertToPropagate(theatre: Theatre): Promise<void> {
  const { types, tell } = theatre;
  const pr = await landOnMain(theatre, {
    branch: 'layout-pass',
    title: 'New layout pass',
    by: 'hugo-l',
    files: { 'torch/layout.py': 'pass_on = 1\n' },
  });
  await types('hugo-l', ask(pr, 'regression'));
  await types('ada-rm', ['pick', 'approve', String(pr), '--onto', BRANCH, '--yes']);
  await mergePicks(theatre);
  const revert = await landOnMain(theatre, {
    branch: 'revert-layout',
    title: `Revert "New layout pass (#${pr})"`,
    by: 'ivy-c',
    body: `Reverts pytorch/pytorch#${pr}`,
    files: { 'torch/layout.py': '' },
  });
  tell(`A day later #${revert} takes it back on main. Nobody has told the release branch:`);
  await types('ada-rm', ['pick', 'reverts', RELEASE], 3);
  await types('ada-rm', ask(pr, 'regression'));
  await mergePicks(theatre);
  await types('ada-rm', ['pick', 'reverts', RELEASE]);
}

/** The line never had it: there is nothing to pick and nothing to take back. */
async function alreadyReverted(theatre: Theatre): Promise<void> {
  const { types, tell } = theatre;
  const pr = await landOnMain(theatre, {
    branch: 'fuse-loops',
    title: 'Fuse loops',
    by: 'hugo-l',
    files: { 'torch/fuse.py': 'fuse = 1\n' },
  });
  await landOnMain(theatre, {
    branch: 'revert-fuse',
    title: `Revert "Fuse loops (#${pr})"`,
    by: 'ivy-c',
    body: `Reverts pytorch/pytorch#${pr}`,
    files: { 'torch/fuse.py': '' },
  });
  tell(`#${pr} was taken back on main as well, before anybody asked for it here:`);
  await types('hugo-l', ask(pr, 'critical'), 5);
}

/** After the last day for picks a request is written down, answered, and left to a release manager. */
async function lateRequest(theatre: Theatre, days: number): Promise<void> {
  const { types, tell, later } = theatre;
  const pr = await landOnMain(theatre, {
    branch: 'fix-strides',
    title: 'Fix strides of a view',
    files: { 'torch/strides.py': 'step = 1\n' },
  });
  later(days);
  tell(`Nobody asked for #${pr} in time. The last day for picks of ${RELEASE} has passed:`);
  await types('gita-r', ask(pr, 'regression'), 5);
}

function ask(pr: number, name: string): readonly string[] {
  return pickRequest(pr, name, ISSUE);
}
