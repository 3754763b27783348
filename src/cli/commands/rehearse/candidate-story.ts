import { finishBuilds } from '../../../sandbox/index.ts';
import { uploadAll } from './builders.ts';
import type { SandboxRepo } from './neighbours.ts';
import { planned } from './planned.ts';
import type { Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';

const CORE: SandboxRepo = { owner: 'pytorch', name: 'pytorch' };

/** A candidate of core alone, and the one that it is compared with. */
export interface NextCandidate {
  readonly before: string;
  readonly candidate: string;
}

/** Two others approve the plan of a candidate's tags, and it is carried out with its phrase. */
export async function cutApproved(theatre: Theatre, release: string, phrase: string): Promise<void> {
  const { types } = theatre;
  const id = await planned(theatre, ['rc', 'cut', release]);
  for (const person of ['bruno-rm', 'cleo-core']) await types(person, ['plan', 'approve', id, '--yes']);
  await types('ada-rm', ['apply', id, '--confirm', phrase]);
}

/** The next candidate of core: tagged, built, recorded, and compared with the one before. */
export async function nextCandidate(theatre: Theatre, { before, candidate }: NextCandidate): Promise<void> {
  const { types, tell, sandbox } = theatre;
  await cutApproved(theatre, RELEASE, `torch ${candidate}`);
  await finishBuilds(sandbox, { ...CORE, tag: `v${candidate}` });
  await itsFiles(theatre, { before, candidate });
  tell(`${candidate} is built. What is different in it, and the page that everybody reads:`);
  await types('ada-rm', ['diff', before, candidate]);
  await types('ada-rm', ['tracker', 'sync', RELEASE, '--yes']);
}

/** Only core was tagged again: its files take the place of those before, and the record says which those are. */
async function itsFiles(theatre: Theatre, { before, candidate }: NextCandidate): Promise<void> {
  const { types, tell } = theatre;
  await uploadAll(theatre, { package: 'torch', candidate });
  tell('Its wheels take the place of those of the candidate before. They are looked at as those were, and recorded:');
  await types('ada-rm', ['gate', 'run', RELEASE, 'artifacts-valid:pytorch']);
  await types('ada-rm', ['artifact', 'record', candidate, '--yes']);
  await types('ada-rm', ['artifact', 'index', RELEASE, '--yes']);
  await types('ada-rm', ['gate', 'run', RELEASE, 'index-valid']);
  await types('ada-rm', ['artifact', 'diff', before, candidate]);
}
