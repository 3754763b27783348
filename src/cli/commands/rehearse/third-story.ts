import { nextCandidate } from './candidate-story.ts';
import { BRANCH, landOnMain, mergePicks, pickRequest } from './landing.ts';
import type { Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';

const REPORT = 'https://partner.example/reports/31';

/** What a partner finds in the second candidate is let in by decision, after the last day for picks: the third candidate has it and nothing else. */
export async function playThird(theatre: Theatre): Promise<void> {
  const { chapter, types, tell } = theatre;
  await chapter('A partner finds a crash: a third candidate, by decision');
  const pr = await landOnMain(theatre, {
    branch: 'fix-teardown',
    title: 'Fix a crash when workers end',
    files: { 'torch/teardown.py': 'joined = 1\n' },
  });
  tell(
    `jonas-b trains on ${RELEASE}-rc2, and it crashes at the end. gita-r's fix #${pr} lands on main, too late to be picked:`,
  );
  await types('gita-r', pickRequest(pr, 'critical', REPORT), 5);
  tell('The rules of the phase say no. A release manager lets this one in, with a reason and an end:');
  const reason = 'crashes at the end of every run of a partner';
  const pick = [String(pr), '--onto', BRANCH];
  await types('ada-rm', ['pick', 'dispense', ...pick, '-m', reason, '--until', '3d', '--yes']);
  await types('ada-rm', ['pick', 'retry', ...pick, '--yes']);
  await types('ada-rm', ['pick', 'approve', ...pick, '--yes']);
  await mergePicks(theatre);
  await nextCandidate(theatre, { before: `${RELEASE}-rc2`, candidate: `${RELEASE}-rc3` });
}
