import { draftRecord, isRecorded, recordManifest, type RecordDraft } from '../../app/artifacts/record.ts';
import { sizeText } from '../../domain/size.ts';
import { confirm, reasonFor } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { many } from '../../domain/words.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { candidateOf } from './candidate-of.ts';

export async function run(session: Session): Promise<Answer> {
  const candidate = candidateOf(session.required('RC'));
  const replace = session.flags.has('replace') ? await reasonFor(session) : null;
  const app = await session.app();
  session.progress.doing(`Reading the files of ${candidate} ...`);
  const draft = valueOf(
    await draftRecord(app, {
      candidate,
      read: session.flags.has('read'),
      replace,
      // A line for each tenth: a pipe would get one for each file.
      progress: (done, of) => {
        if (done % Math.ceil(of / 10) === 0)
          session.progress.doing(`Reading the files of ${candidate}: ${done} of ${of} ...`);
      },
    }),
  );
  const before = isRecorded(draft);
  if (!before) {
    session.say(...voidedLines(draft, session.width));
    await confirm(session, `Record ${many(draft.manifest.files.length, 'file')} as ${candidate}?`);
    session.progress.doing('Writing to the ledger ...');
    await recordManifest(app, draft);
  }
  return answerOf(draft, before);
}

function answerOf(draft: RecordDraft, before: boolean): Answer {
  const { candidate, digest, manifest, proof, without, voided } = draft;
  const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
  return {
    schema: 'artifact-record',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { candidate, digest, proof, recorded: before ? 'before' : 'now', without, voided, manifest },
    records: [[candidate, digest, proof, before ? 'before' : 'now', String(manifest.files.length), String(bytes)]],
    lines: (room) => [
      line(span(`${candidate} is ${many(manifest.files.length, 'file')}, ${sizeText(bytes)}`, 'strong')),
      line(before ? 'It was recorded before, as' : 'Recorded as'),
      line(`  ${digest}`),
      ...manifest.repos.map(({ repo, candidate: own, commit }) => line(`  ${repo} ${own} at ${commit.slice(0, 9)}`)),
      ...without.map((repo) => line(`  ${repo}: no candidate yet; record again once it has one`)),
      ...voidedLines(draft, room.width),
    ],
  };
}

/** What was proved and does not hold any more. */
function voidedLines({ voided }: RecordDraft, width: number): readonly Line[] {
  return voided.flatMap(({ gate, text, by, void: cells }) =>
    paragraph(
      line(
        `void: ${gate}, "${text}" by @${by}, for ${many(cells.length, 'file')}: ${cells.slice(0, 3).join(', ')}${cells.length > 3 ? ' and more' : ''}`,
      ),
      width,
      0,
      2,
    ),
  );
}
