import { createRelease, parseRelease } from '../../app/releases.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releasesAnswer } from './releases-answer.ts';

export async function run(session: Session): Promise<Answer> {
  const release = valueOf(parseRelease(session.required('REL')));
  const app = await session.app();
  await confirm(session, `Add ${release} to the train ${app.loaded.train.title}?`);
  session.progress.doing('Writing to the ledger ...');
  const record = valueOf(await createRelease(app, release));
  return releasesAnswer([record], [line(shape('pass'), ` ${release} is live. Next: signalbox status ${release}`)]);
}
