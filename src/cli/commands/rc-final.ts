import { markFinal, withdrawFinal, type FinalAnswer } from '../../app/final-candidate.ts';
import { releaseOf, type CandidateVersion } from '../../domain/version.ts';
import { confirm, reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { clockTime } from '../../domain/time-text.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';

export async function run(session: Session): Promise<Answer> {
  const candidate = candidateOf(session.required('RC'));
  return session.flags.has('withdraw') ? withdraw(session, candidate) : mark(session, candidate);
}

async function mark(session: Session, candidate: CandidateVersion): Promise<Answer> {
  const reason = session.flags.text('reason') ?? '';
  await confirm(session, `Mark ${candidate} as final, with exactly the files that were recorded of it?`);
  session.progress.doing(`Judging the gates before ${candidate} is final ...`);
  const answer = valueOf(await markFinal(await session.app(), { candidate, reason }));
  return {
    ...answerOf(candidate, answer.final),
    data: { ...answer.final, files: answer.files, isNew: answer.isNew },
    lines: (room) => [
      ...paragraph(markedLine(answer, room.now), room.width, 0, 2),
      ...paragraph(line(span(`Bound to ${answer.final.manifest}`, 'mute')), room.width, 2, 2),
      ...paragraph(line(`Next: signalbox gate list ${releaseOf(candidate)}`), room.width, 2),
    ],
  };
}

function markedLine({ final, files, isNew }: FinalAnswer, now: Session['now']): Line {
  const since = isNew ? '' : ` already, since ${clockTime(final.at, now)}, marked by @${final.by}`;
  return line(shape('pass'), ` ${final.candidate} is final${since}: ${files} ${files === 1 ? 'file' : 'files'}.`);
}

async function withdraw(session: Session, candidate: CandidateVersion): Promise<Answer> {
  const reason = await reasonFor(session);
  await confirm(session, `Take back that ${candidate} is final? Plans that publish it are refused from then on.`);
  const before = valueOf(await withdrawFinal(await session.app(), { candidate, reason }));
  const text = ` ${candidate} is final no more. Another candidate can be marked: signalbox rc list ${releaseOf(candidate)}`;
  return {
    ...answerOf(candidate, before),
    data: { ...before, withdrawn: reason },
    lines: (room) => paragraph(line(shape('pass'), text), room.width, 0, 2),
  };
}

function answerOf(candidate: CandidateVersion, final: FinalAnswer['final']): Omit<Answer, 'data' | 'lines'> {
  return {
    schema: 'final-candidate',
    asOf: null,
    stale: false,
    exit: 0,
    records: [[releaseOf(candidate), candidate, final.manifest, final.by, final.at]],
  };
}
