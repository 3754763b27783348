import { closeIssue, finishBuilds, finishChecks, type Sandbox } from '../../../sandbox/index.ts';
import { addDays, dateOf } from '../../../domain/instant.ts';
import { uploadAll, uploadNightlies } from './builders.ts';
import { cutApproved } from './candidate-story.ts';
import { playFiles } from './files-story.ts';
import { followMain, landFix } from './fixes.ts';
import { openInMilestone, reviewAndMerge, type SandboxRepo } from './neighbours.ts';
import { playPicks } from './picks-story.ts';
import { planned } from './planned.ts';
import { playPromotion } from './promotion-story.ts';
import type { Theatre } from './theatre.ts';
import { LINE, RELEASE } from './train-file.ts';

const OWNER = 'pytorch';
const repo = (name: string): SandboxRepo => ({ owner: OWNER, name });
const CORE_PHRASE = `torch ${RELEASE}-rc1`;
const VISION_PHRASE = 'vision 0.23.0-rc1';

/** The whole story: readiness, cut, release-only changes and first candidates of four repositories. */
export async function playStory(theatre: Theatre): Promise<void> {
  await readiness(theatre);
  await cutCore(theatre);
  await releaseOnlyChanges(theatre, ['test-infra', 'pytorch']);
  await firstCandidate(theatre);
  await domainRepos(theatre);
  await playFiles(theatre);
  await playPicks(theatre, { beforeReverts: 0, beforeTheEnd: 29 });
  await playPromotion(theatre, `${RELEASE}-rc2`);
  await lookBack(theatre);
}

/** What keeps the cut back, until nothing does; opens the release unless it is there. */
export async function readiness(theatre: Theatre, isOpen = false): Promise<void> {
  const { chapter, types, tell, sandbox, clock } = theatre;
  const today = dateOf(clock.now());
  await chapter('Is the train ready for the branch cut?');
  if (!isOpen) await types('ada-rm', ['release', 'create', RELEASE, '--yes']);
  await uploadNightlies(theatre, today);
  await types('ada-rm', ['blockers', RELEASE], 3);
  const open = await openInMilestone(sandbox, repo('pytorch'), RELEASE);
  const numbers = open.map(({ number }) => `#${number}`);
  const fix = await landFix(sandbox, repo('pytorch'), numbers);
  for (const { number } of open) await closeIssue(sandbox, { ...repo('pytorch'), number, by: 'gita-r' });
  tell(
    `gita-r's pull request fixes ${numbers.join(' and ')}, and both are closed. The branch to cut from is not there yet:`,
  );
  await types('ada-rm', ['blockers', RELEASE], 3);
  await followMain(sandbox, repo('pytorch'), fix);
  tell('An hour later its tests are green, and viable/strict has it.');
  const fixed = await finishChecks(sandbox, { ...repo('vision'), ref: 'heads/nightly' });
  tell(`dmitri-vision re-runs ${fixed.join(', ')} on vision's nightly with a newer image: green.`);
  tell(
    'The macOS machine of audio is broken until Thursday; nothing of this line depends on it. A release manager decides, with a reason and an end:',
  );
  const reason = 'macOS runner is down, wheels were checked by hand';
  await types('bruno-rm', [
    'gate',
    'waive',
    RELEASE,
    'nightlies-green:audio',
    '--reason',
    reason,
    '--until',
    `${addDays(today, 7)}T17:00:00Z`,
    '--yes',
  ]);
  await types('ada-rm', ['gate', 'list', RELEASE], 3);
}

/** Core and infra are cut, and others are asked for what the branch needs. */
export async function cutCore({ chapter, types, tell }: Theatre): Promise<void> {
  await chapter('The branch cut: core and infra first');
  await types('ada-rm', ['branch', 'cut', RELEASE, '--dry-run']);
  tell('The owner of vision would like to cut now. Domain repositories wait for a staged candidate of core:');
  await types('dmitri-vision', ['branch', 'cut', 'vision', RELEASE, '--yes'], 3);
  await types('ada-rm', ['branch', 'cut', RELEASE, '--yes']);
  tell('Once more, by mistake:');
  await types('ada-rm', ['branch', 'cut', RELEASE, '--yes']);
  tell('What others are asked for now that the branch is cut, with the version and the pin that it has:');
  await types('ada-rm', ['ask', 'show', RELEASE, 'triton-release']);
  await types('ada-rm', ['ask', 'send', RELEASE, 'triton-release', '--yes']);
}

/** What only the release branch has, reviewed and merged. */
export async function releaseOnlyChanges(
  { chapter, types, tell, sandbox }: Theatre,
  names: readonly string[],
): Promise<void> {
  await chapter(`Release-only changes: ${names.join(', ')}`);
  await types('ada-rm', ['branch', 'changes', RELEASE, '--yes']);
  await merge(sandbox, names, tell);
}

async function merge(sandbox: Sandbox, names: readonly string[], tell: (text: string) => void): Promise<void> {
  for (const name of names) {
    const merged = await reviewAndMerge(sandbox, repo(name), 'bruno-rm');
    if (merged.length > 0)
      tell(
        `bruno-rm reviews and merges in ${name}: ${merged.map(({ number, title }) => `#${number} ${title}`).join('; ')}.`,
      );
  }
}

/** The first candidate of core: approved by two others, built, and built once more. */
export async function firstCandidate(theatre: Theatre): Promise<void> {
  const { chapter, types, tell } = theatre;
  await chapter('The first candidate of core: a tag cannot be taken back');
  await types('ada-rm', ['rc', 'cut', RELEASE, '--dry-run']);
  const id = await planned({ types }, ['rc', 'cut', RELEASE]);
  await types('ada-rm', ['plan', 'approve', id, '--yes'], 4);
  await types('bruno-rm', ['plan', 'approve', id, '--yes']);
  tell('One of two is not enough, and --yes never is:');
  await types('ada-rm', ['apply', id, '--yes'], 5);
  await types('ada-rm', ['apply', id, '--confirm', CORE_PHRASE], 5);
  await types('cleo-core', ['plan', 'approve', id, '--yes']);
  await types('ada-rm', ['apply', id, '--confirm', CORE_PHRASE]);
  await buildOnceMore(theatre);
  await uploadAll(theatre, { package: 'torch', candidate: `${RELEASE}-rc1` });
  tell('Its wheels are in the test channel.');
}

/** One machine fails its build of the first candidate, which is started again alone. */
async function buildOnceMore({ types, tell, sandbox }: Theatre): Promise<void> {
  const [tag, lost] = [`v${RELEASE}-rc1`, 'binary build wheel-windows-py3_13-cuda12_8'];
  const built = await finishBuilds(sandbox, { ...repo('pytorch'), tag });
  const one = { ...repo('pytorch'), ref: `tags/${tag}`, names: [lost] };
  await finishChecks(sandbox, { ...one, conclusion: 'failure' });
  tell(`The tag starts ${built} binary builds. An hour later they are over, and one machine had lost its network:`);
  await types('ada-rm', ['rc', 'show', `${RELEASE}-rc1`]);
  await types('ada-rm', ['gate', 'run', RELEASE, 'builds-green:pytorch'], 3);
  await types('ada-rm', ['rc', 'retry', `${RELEASE}-rc1`, '--only', 'cp313-windows-cu128', '--yes']);
  await finishChecks(sandbox, one);
  tell('That one job runs again, the others are left as they are:');
  await types('ada-rm', ['gate', 'run', RELEASE, 'builds-green:pytorch']);
}

/** The domain repositories, cut on a staged candidate of core. */
export async function domainRepos(theatre: Theatre): Promise<void> {
  const { chapter, types, tell, sandbox } = theatre;
  await chapter('The domain repositories follow');
  await types('ada-rm', ['branch', 'cut', RELEASE, '--yes']);
  await types('ada-rm', ['branch', 'changes', RELEASE, '--yes']);
  await merge(sandbox, ['vision', 'audio'], tell);
  await cutApproved(theatre, RELEASE, VISION_PHRASE);
}

/** Where the release stands, and that its record holds. */
export async function lookBack({ chapter, types }: Theatre): Promise<void> {
  await chapter(`Where ${LINE} stands`);
  await types('ada-rm', ['status', RELEASE]);
  await types('ada-rm', ['rc', 'list', RELEASE]);
  await types('ada-rm', ['log', RELEASE, '--verify']);
}
