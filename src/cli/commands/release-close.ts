import { closeRelease, parseRelease } from '../../app/releases.ts';
import { confirm, reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releasesAnswer } from './releases-answer.ts';

export async function run(session: Session): Promise<Answer> {
  const release = valueOf(parseRelease(session.required('REL')));
  const reason = await reasonFor(session);
  await confirm(session, `Close ${release}? Its record is frozen; it cannot be opened again.`);
  const record = valueOf(await closeRelease(await session.app(), release, reason));
  return releasesAnswer([record], [line(shape('pass'), ` ${release} is closed.`)]);
}
