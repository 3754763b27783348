import { intoMilestone, reportIssue } from './issues.ts';
import type { SandboxRepo } from './neighbours.ts';
import type { Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';

const CORE: SandboxRepo = { owner: 'pytorch', name: 'pytorch' };
const PATCH = '2.7.1';

/** Two releases are live: the next minor, and a patch of the line before, which is not made because the minor is near. */
export async function playPlanning(theatre: Theatre): Promise<void> {
  const { chapter, types, tell } = theatre;
  await chapter(`Planning: ${RELEASE} and ${PATCH} at once`);
  await types('ada-rm', ['release', 'create', RELEASE, '--yes']);
  await types('ada-rm', ['release', 'create', PATCH, '--yes']);
  await types('ada-rm', ['release', 'list']);
  await types('ada-rm', ['calendar', 'show', RELEASE]);
  await types('ada-rm', ['support', 'check']);
  await types('ada-rm', ['people', 'agenda', RELEASE]);
  tell(`A crash of 2.7.0 is reported, and carries the label of triage. Is it worth ${PATCH}?`);
  await noGo(theatre);
}

async function noGo({ types, tell, sandbox }: Theatre): Promise<void> {
  const issue = await reportIssue(sandbox, CORE, {
    by: 'omar-outside',
    title: 'Crash when a dataloader is closed twice',
    body: 'Regression from 2.6: it worked there. As a workaround, close it once.',
    labels: ['triage review', 'module: crash', 'module: regression'],
  });
  await types('ines-infra', ['patch', 'triage', PATCH], 3);
  await types('ines-infra', decision(issue, 'a crash, although it can be got around'));
  await types('ada-rm', ['patch', 'brief', PATCH], 3);
  const reason = `it can be got around, and ${RELEASE} will have the fix`;
  await types('ada-rm', ['patch', 'decide', PATCH, '--no-go', '-m', reason, '--with', 'bruno-rm', '--yes']);
  await intoMilestone(sandbox, CORE, { by: 'ada-rm', number: issue, title: RELEASE });
  tell(`What was accepted for ${PATCH} is not forgotten: ada-rm moves #${issue} into the milestone of ${RELEASE}.`);
  await types('ada-rm', ['release', 'close', PATCH, '-m', `no-go: ${reason}`, '--yes']);
  await types('ada-rm', ['release', 'list']);
}

function decision(issue: number, reason: string): readonly string[] {
  return ['patch', 'decide', PATCH, '--issue', String(issue), '--accept', '-m', reason, '--with', 'hugo-l', '--yes'];
}
