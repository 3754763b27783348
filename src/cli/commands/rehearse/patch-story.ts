import { closeIssue, finishBuilds } from '../../../sandbox/index.ts';
import { uploadAll } from './builders.ts';
import { cutApproved } from './candidate-story.ts';
import { reportIssue } from './issues.ts';
import { BRANCH, landOnMain, mergePicks, pickRequest } from './landing.ts';
import { reviewAndMerge, type SandboxRepo } from './neighbours.ts';
import type { Theatre } from './theatre.ts';

const repo = (name: string): SandboxRepo => ({ owner: 'pytorch', name });
const PATCH = '2.8.1';
const CANDIDATE = `${PATCH}-rc1`;
const VISION = '0.23.1-rc1';

/** What users find in the release becomes a patch: triage, go, dates, picks, a candidate of its own. */
export async function playPatch(theatre: Theatre): Promise<void> {
  const { chapter, later } = theatre;
  await chapter(`A week later: is there to be ${PATCH}?`);
  const fix = await triage(theatre);
  await go(theatre);
  later(7);
  await chapter(`${PATCH}: the pick, and its first candidate`);
  await picked(theatre, fix);
  later(6);
  await candidate(theatre);
}

interface Fix {
  readonly issue: number;
  readonly pr: number;
}

async function triage(theatre: Theatre): Promise<Fix> {
  const { types, tell, sandbox } = theatre;
  await types('ada-rm', ['release', 'create', PATCH, '--yes']);
  const issue = await reportIssue(sandbox, repo('pytorch'), {
    by: 'omar-outside',
    title: 'index_add is silently wrong for empty input',
    body: 'Regression from 2.7.0: it worked there. There is no workaround.',
    labels: ['triage review', 'high priority', 'module: correctness (silent)'],
  });
  tell(`omar-outside reports #${issue} of 2.8.0, and it is labelled for triage. hugo-l mends it on main.`);
  const pr = await landOnMain(theatre, {
    branch: 'fix-index-add',
    title: 'Fix index_add of empty input',
    by: 'hugo-l',
    body: `Fixes #${issue}.`,
    files: { 'torch/index_add.py': 'checks_empty = 1\n' },
  });
  await closeIssue(sandbox, { ...repo('pytorch'), number: issue, by: 'hugo-l' });
  await types('ines-infra', ['patch', 'triage', PATCH], 3);
  const why = ['-m', 'silently wrong, and nobody can get around it', '--with', 'hugo-l', '--yes'];
  await types('ines-infra', ['patch', 'decide', PATCH, '--issue', String(issue), '--accept', ...why]);
  await types('ada-rm', ['patch', 'triage', PATCH, '--milestones', '--yes']);
  return { issue, pr };
}

async function go(theatre: Theatre): Promise<void> {
  const { types, tell } = theatre;
  await types('ada-rm', ['patch', 'brief', PATCH], 3);
  tell('Nothing of it opens before somebody said go:');
  await types('ada-rm', ['tracker', 'open', PATCH, '--yes'], 3);
  const why = ['-m', 'one silent regression, one small fix', '--with', 'bruno-rm', '--yes'];
  await types('ada-rm', ['patch', 'decide', PATCH, '--go', ...why]);
  await types('ada-rm', ['patch', 'schedule', PATCH, '-m', 'four to five weeks, as always', '--yes']);
  await types('ada-rm', ['tracker', 'open', PATCH, '--yes']);
  tell('hugo-l has mended it on main and has not asked for it here. He is asked once:');
  await types('ada-rm', ['patch', 'owed', PATCH], 3);
  await types('ada-rm', ['patch', 'owed', PATCH, '--ask', '--yes']);
}

async function picked(theatre: Theatre, { issue, pr }: Fix): Promise<void> {
  const { types, tell, sandbox } = theatre;
  await types('hugo-l', pickRequest(pr, 'regression', `${sandbox.url}/pytorch/pytorch/issues/${issue}`));
  await types('ada-rm', ['pick', 'approve', String(pr), '--onto', BRANCH, '--yes']);
  await mergePicks(theatre);
  await types('ada-rm', ['patch', 'owed', PATCH]);
  await types('ada-rm', ['branch', 'changes', PATCH, '--yes']);
  for (const name of ['test-infra', 'pytorch', 'vision', 'audio']) {
    const merged = await reviewAndMerge(sandbox, repo(name), 'bruno-rm');
    if (merged.length > 0) tell(`bruno-rm merges ${merged.map(({ title }) => title).join('; ')} in ${name}.`);
  }
}

async function candidate(theatre: Theatre): Promise<void> {
  const { types, tell } = theatre;
  await cutApproved(theatre, PATCH, `torch ${CANDIDATE}`);
  await built(theatre, { name: 'pytorch', tag: CANDIDATE, wheel: 'torch' });
  tell('Its wheels are in the test channel, and so the domain repositories may follow:');
  await cutApproved(theatre, PATCH, `vision ${VISION}`);
  await built(theatre, { name: 'vision', tag: VISION, wheel: 'torchvision' });
  await built(theatre, { name: 'audio', tag: CANDIDATE, wheel: 'torchaudio' });
  tell('All of it lies beside the files of the release, under its own names. It is looked at and recorded:');
  await types('ada-rm', ['artifact', 'index', PATCH, '--yes']);
  for (const gate of ['artifacts-valid:pytorch', 'artifacts-valid:vision', 'artifacts-valid:audio', 'index-valid'])
    await types('ada-rm', ['gate', 'run', PATCH, gate]);
  await types('ada-rm', ['artifact', 'record', CANDIDATE, '--yes']);
  await types('ada-rm', ['gate', 'list', PATCH], 3);
  tell('What the line got must not be missing in the next one:');
  await types('ada-rm', ['patch', 'carried', '2.9.0']);
}

interface Built {
  readonly name: string;
  readonly tag: string;
  readonly wheel: string;
}

/** The builds that a tag starts turn green, and their wheels are uploaded. */
async function built(theatre: Theatre, { name, tag, wheel }: Built): Promise<void> {
  await finishBuilds(theatre.sandbox, { ...repo(name), tag: `v${tag}` });
  await uploadAll(theatre, { release: PATCH, package: wheel, candidate: tag });
}
