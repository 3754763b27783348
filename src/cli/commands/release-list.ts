import { listReleases } from '../../app/releases.ts';
import type { Answer } from '../output/answer.ts';
import type { Session } from '../session.ts';
import { releasesAnswer } from './releases-answer.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the ledger ...');
  return releasesAnswer(await listReleases(await session.app()));
}
