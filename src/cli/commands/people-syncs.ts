import { syncIcs } from '../../app/sync-ics.ts';
import { parseRelease } from '../../app/releases.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { loadedTrain } from '../train-file.ts';
import { documentAnswer } from './document.ts';

export async function run(session: Session): Promise<Answer> {
  const { train } = await loadedTrain(session);
  const release = valueOf(parseRelease(session.required('REL')));
  return documentAnswer('people-syncs', valueOf(syncIcs(train, release, session.now)));
}
