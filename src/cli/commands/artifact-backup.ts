import { backupCandidate } from '../../app/promotion/backup.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';
import { planAndApply } from './plan-and-apply.ts';
import { planInput } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  const candidate = candidateOf(session.required('RC'));
  const app = await session.app();
  session.progress.doing('Comparing the backup with the record ...');
  const planned = valueOf(await backupCandidate(app, { ...planInput(session), candidate }));
  return planAndApply(session, 'artifact-backup', planned, `signalbox artifact backup ${candidate}`);
}
