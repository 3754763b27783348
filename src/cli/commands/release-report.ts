import { parseRelease } from '../../app/releases.ts';
import { trainReport } from '../../app/report/release-report.ts';
import { reportMarkdown } from '../../app/report/report-text.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { documentAnswer } from './document.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the ledger ...');
  const app = await session.app();
  const typed = session.argument('REL');
  const report = valueOf(await trainReport(app, typed === null ? null : valueOf(parseRelease(typed))));
  return { ...documentAnswer('release-report', reportMarkdown(report)), data: report };
}
