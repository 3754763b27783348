import {
  isAsWanted,
  recordVerified,
  verifyCandidate,
  type VerifiedCandidate,
  type VerifiedPlace,
} from '../../app/artifacts/verify.ts';
import type { Observed } from '../../domain/observation.ts';
import { parseRelease } from '../../app/releases.ts';
import { confirm } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { many } from '../../domain/words.ts';
import { shape } from '../output/shapes.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';

/** Progress is told after so many files: a pipe would get a line for each. */
const FILES_TOLD = 25;

export async function run(session: Session): Promise<Answer> {
  const typed = session.required('REL|RC');
  const of = typed.includes('-') ? { candidate: candidateOf(typed) } : { release: valueOf(parseRelease(typed)) };
  const read = !session.flags.has('told');
  const records = session.flags.has('record');
  if (records && !read)
    throw usage('what the stores tell proves nothing: --record needs the bytes', 'leave --told out');
  const app = await session.app();
  session.progress.doing(`Comparing ${typed} ...`);
  const progress = (done: number): void => {
    if (done % FILES_TOLD === 0) session.progress.doing(`Comparing ${typed}: ${done} files ...`);
  };
  const verified = valueOf(await verifyCandidate(app, { of, read, progress }));
  if (records && verified.holds) {
    await confirm(session, `Record that every byte of ${verified.recorded.candidate} was compared?`);
    await recordVerified(app, verified);
  }
  return answerOf(verified, session);
}

function answerOf(verified: VerifiedCandidate, session: Session): Answer {
  const { recorded, required, places, read, holds } = verified;
  const unread = places.filter((place) => !place.known);
  const faults = places.some((place) => place.known && !isAsWanted(place.value, required));
  return {
    schema: 'artifact-verify',
    asOf: session.now,
    stale: unread.length > 0,
    exit: exitCode(holds ? 'done' : faults ? 'blocked' : 'stale'),
    data: { candidate: recorded.candidate, digest: recorded.digest, required, read, holds, places },
    records: places.flatMap((place) => recordsOf(place)),
    lines: (room) => [
      line(
        span(
          `${recorded.candidate}: ${many(recorded.manifest.files.length, 'file')} recorded as ${recorded.digest.slice(0, 19)}`,
          'strong',
        ),
      ),
      line(read ? 'Every byte was read and compared.' : 'Compared with what the stores tell; no byte was read.'),
      ...places.flatMap((place) => placeLines(place, required, room.width)),
    ],
  };
}

function recordsOf(place: Observed<VerifiedPlace>): readonly (readonly string[])[] {
  if (!place.known) return [[place.source, 'no-data', '', place.reason]];
  const { channel, place: name, equal, absent, differs } = place.value;
  return [
    ...equal.map(({ key }) => [channel, 'equal', key, name]),
    ...absent.map(({ key }) => [channel, 'absent', key, name]),
    ...differs.map(({ file, why }) => [channel, 'differs', file.key, why]),
  ];
}

const MOST_SHOWN = 8;

function placeLines(place: Observed<VerifiedPlace>, required: readonly string[], width: number): readonly Line[] {
  if (!place.known)
    return paragraph(line(shape('no-data'), ` ${place.source} could not be read: ${place.reason}`), width, 0, 2);
  const { channel, place: name, equal, absent, differs } = place.value;
  const isRequired = required.includes(channel);
  const none = equal.length + differs.length === 0 && !(isRequired && absent.length > 0);
  const state = none ? 'skipped' : isAsWanted(place.value, required) ? 'pass' : 'failing';
  const counts = none
    ? 'nothing of it is there'
    : `${equal.length} equal, ${differs.length} different, ${absent.length} absent`;
  return [
    ...paragraph(line(shape(state), ` ${channel}: ${counts} (${name})`), width, 0, 2),
    ...differs
      .slice(0, MOST_SHOWN)
      .flatMap(({ file, why }) => paragraph(line(`different: ${file.key}: ${why}`), width, 4, 2)),
    ...(isRequired ? absent : [])
      .slice(0, MOST_SHOWN)
      .flatMap(({ key }) => paragraph(line(`absent: ${key}`), width, 4, 2)),
  ];
}
