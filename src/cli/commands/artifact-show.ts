import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { findArtifact, type FoundArtifact } from '../../app/artifacts/find.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { sizeText } from '../../domain/size.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { CommandStop } from '../problem.ts';
import type { Session } from '../session.ts';

/** Which candidate is this file? By its bytes where it is a file here, else by digest, name or cell. */
export async function run(session: Session): Promise<Answer> {
  const typed = session.required('FILE');
  const path = resolve(session.folder, typed);
  const isHere = existsSync(path) && statSync(path).isFile();
  if (isHere) session.progress.doing(`Reading ${basename(path)} ...`);
  const asked = isHere ? await digestOfFile(path) : typed;
  const app = await session.app();
  const found = await findArtifact(app, asked);
  if (found.length === 0)
    throw new CommandStop(
      'blocked',
      `no recorded candidate has ${isHere ? `${basename(path)}, ${asked}` : typed.slice(0, 100)}`,
      {
        next: ['signalbox artifact record RC records what a candidate consists of'],
        word: 'NOT_FOUND',
      },
    );
  return {
    schema: 'artifact',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: found,
    records: found.map(({ candidate, replaced, file, repo }) => [
      candidate,
      replaced ? 'replaced' : 'current',
      file.cell,
      file.key,
      String(file.size),
      file.digest,
      repo?.commit ?? '',
      file.run?.link ?? '',
    ]),
    lines: () => found.flatMap((each, index) => [...(index === 0 ? [] : [BLANK]), ...render(each)]),
  };
}

function render({ candidate, replaced, channel, file, repo, recorded, evidence }: FoundArtifact): readonly Line[] {
  const rows = [
    ['cell', file.cell],
    ['file', `${channel}: ${file.key}`],
    ['size', `${sizeText(file.size)} (${file.size} bytes)`],
    ['digest', file.digest],
    ['built', repo === null ? 'not known' : `${repo.repo} ${repo.candidate} at ${repo.commit}`],
    ['run', file.run === null ? 'not known' : `${file.run.job}${file.run.link === null ? '' : `, ${file.run.link}`}`],
    [
      'recorded',
      `${recorded.at} by @${recorded.by}, ${recorded.proof === 'read' ? 'from its bytes' : 'as the store told it'}`,
    ],
    ...evidence.map(({ gate, text, by, at }) => ['proved', `${gate}: ${text} (@${by}, ${at})`]),
  ];
  return [
    line(span(candidate, 'strong'), replaced ? ' (another record counts since)' : ''),
    ...rows.map(([label = '', text = '']) => line(`  ${label.padEnd(10)}${text}`)),
  ];
}

async function digestOfFile(path: string): Promise<string> {
  const digest = runningDigest();
  const pieces: AsyncIterable<Uint8Array> = createReadStream(path);
  for await (const piece of pieces) digest.add(piece);
  return digest.digest();
}
