import { abandon, abandonPhrase } from '../../app/abandon.ts';
import { parseRelease } from '../../app/releases.ts';
import { releaseOf } from '../../domain/version.ts';
import { reasonFor, typedPhrase } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { clockTime } from '../../domain/time-text.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';

export async function run(session: Session): Promise<Answer> {
  const typed = session.required('REL|RC');
  const candidate = typed.includes('-') ? candidateOf(typed) : null;
  const release = candidate === null ? valueOf(parseRelease(typed)) : releaseOf(candidate);
  const what = candidate ?? release;
  const reason = await reasonFor(session);
  session.say(
    ...paragraph(
      line(
        shape('permanent'),
        ` Nothing is planned or carried out with ${what} again, for ever; only taking back goes on.`,
      ),
      session.width,
      0,
      2,
    ),
  );
  await typedPhrase(session, abandonPhrase({ release, candidate }));
  const answer = valueOf(await abandon(await session.app(), { release, candidate, reason }));
  return {
    schema: 'abandoned',
    asOf: null,
    stale: false,
    exit: 0,
    data: answer,
    records: [[answer.what, answer.by, answer.at, answer.reason]],
    lines: (room) => {
      const by = answer.isNew
        ? ''
        : ` It was before, by @${answer.by}, ${clockTime(answer.at, room.now)}: ${answer.reason}`;
      return paragraph(line(shape('pass'), ` ${what} is abandoned.${by}`), room.width, 0, 2);
    },
  };
}
