import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { playFinalGates } from './final-story.ts';
import { installFrom } from './installer.ts';
import { publishOutside } from './makers.ts';
import { planned } from './planned.ts';
import type { Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';
import { playValidation } from './validation-story.ts';

const PHRASE = `torch ${RELEASE}`;
const PACKAGES = ['torch', 'torchvision', 'torchaudio'];

/** A candidate becomes the release: kept, marked as final, staged, promoted in two steps by several people, and installed by pip from the index. */
export async function playPromotion(theatre: Theatre, candidate: string): Promise<void> {
  const { chapter, types, tell } = theatre;
  await chapter('The final candidate: kept, decided on, staged');
  await finalCandidate(theatre, candidate);
  tell(
    'From here on everything is held to the files that were recorded. Its wheels for the index, without their local versions:',
  );
  await types('ada-rm', ['promote', 'stage', RELEASE, '--yes']);
  await types('ada-rm', ['gate', 'run', RELEASE, 'staged-valid']);
  await playFinalGates(theatre, candidate);
  await chapter('Promotion, step 1: stable and its mirror');
  await stable(theatre, ['promote', 'stable', RELEASE]);
  await chapter('Promotion, step 2: the package index, which forgets nothing');
  await index(theatre, ['promote', 'pypi', RELEASE]);
  tell('Once more, by mistake:');
  await types('ada-rm', ['promote', 'pypi', RELEASE, '--yes']);
  await types('ada-rm', ['published', RELEASE]);
  await installed(theatre);
}

/** Kept, its companions tried, what was asked for answered, and marked as final; then tested as users get it. */
export async function finalCandidate(theatre: Theatre, candidate: string): Promise<void> {
  const { types, tell, hasPip, packageIndex } = theatre;
  await types('ada-rm', ['artifact', 'backup', candidate, '--yes']);
  if (hasPip) await types('ada-rm', ['gate', 'run', RELEASE, 'companions-resolve']);
  else
    tell(
      'pip is not installed on this machine, so nobody can see whether the packages install together: a person decides.',
    );
  if (!hasPip) {
    const reason = 'no pip here; installed by hand on another machine';
    const waiver = ['gate', 'waive', RELEASE, 'companions-resolve', '--until', theatreEnd(), '--yes'];
    await types('bruno-rm', [...waiver, '--reason', reason]);
  }
  if (packageIndex !== null) {
    tell('What was asked for after the cut is not there, and says so:');
    await types('ada-rm', ['rc', 'final', candidate, '--yes'], 3);
    await types('ada-rm', ['ask', 'list', RELEASE]);
    await publishOutside(packageIndex, { name: 'triton', version: '3.3.0' });
    tell('Its makers publish it an hour later. Nobody has to tell Signalbox:');
  }
  await types('ada-rm', ['rc', 'final', candidate, '--yes']);
  await playValidation(theatre, candidate);
}

/** Far enough, whenever the rehearsal is played. */
function theatreEnd(): string {
  return '2099-01-01T00:00:00Z';
}

/** The command that promotes to stable, from the plan to what is seen from outside. */
export async function stable(theatre: Theatre, argv: readonly string[]): Promise<void> {
  const { types, tell } = theatre;
  tell('The index cannot be first: what goes there can never be taken back.');
  await types('ada-rm', ['promote', 'pypi', RELEASE, '--yes'], 3);
  const id = await planned(theatre, argv);
  await types('ada-rm', ['plan', 'approve', id, '--yes'], 4);
  await types('bruno-rm', ['plan', 'approve', id, '--yes']);
  await types('cleo-core', ['plan', 'approve', id, '--yes']);
  tell('Somebody sees something odd, and the train is frozen until it is understood:');
  await types('ines-infra', ['release', 'freeze', '--reason', 'a runner of ours sends strange mail', '--yes']);
  await types('ada-rm', ['apply', id, '--yes'], 5);
  await types('bruno-rm', ['release', 'thaw', '--reason', 'it was the coffee machine', '--yes']);
  await types('ada-rm', ['apply', id, '--yes']);
  await types('ada-rm', ['published', RELEASE], 3);
}

/** The command that publishes, until the phrase is the right one. */
export async function index(theatre: Theatre, argv: readonly string[]): Promise<void> {
  const { types, tell } = theatre;
  const id = await planned(theatre, argv);
  await types('bruno-rm', ['plan', 'approve', id, '--yes']);
  await types('cleo-core', ['plan', 'approve', id, '--yes']);
  tell('--yes is not enough, and neither is almost the right name:');
  await types('ada-rm', ['apply', id, '--yes'], 5);
  await types('ada-rm', ['apply', id, '--confirm', 'torch 2.8'], 5);
  await types('ada-rm', ['apply', id, '--confirm', PHRASE]);
}

/** Installs the release from the index as everybody does. */
export async function installed(theatre: Theatre): Promise<void> {
  const { tell, folder, packageIndex, hasPip } = theatre;
  if (packageIndex === null || !hasPip) {
    tell('pip is not installed on this machine: otherwise the release would be installed from the index now.');
    return;
  }
  const target = join(folder, 'installed');
  await rm(target, { recursive: true, force: true });
  tell('And this is what everybody does now:');
  await installFrom(theatre, { simple: packageIndex.simpleUrl, target, packages: PACKAGES });
}
