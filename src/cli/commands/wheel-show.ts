import { openSource } from '../../app/compose-sources.ts';
import { readFileOf } from '../../app/wheel-check.ts';
import { summarizeWheel } from '../../app/wheel-show.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderWheel } from '../output/render-wheel.ts';
import { CommandStop } from '../problem.ts';
import type { Session } from '../session.ts';
import { inFolder } from './wheel-file.ts';

/** Reads the directory and the dist-info folder alone, by ranges where the wheel lies on a server. */
export async function run(session: Session): Promise<Answer> {
  const named = session.required('FILE');
  const { facts, unreadable } = await readFileOf(named, {
    quick: true,
    open: (file) => openSource(inFolder(file, session.folder)),
  });
  if (facts === null)
    throw new CommandStop('failed', unreadable?.text ?? `${named} could not be read`, {
      word: (unreadable?.code ?? 'unreadable').toUpperCase().replaceAll('-', '_'),
    });
  const summary = summarizeWheel(facts);
  return {
    schema: 'wheel',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: summary,
    records: Object.entries(summary).map(([key, value]) => [key, plainText(value)]),
    lines: (room) => renderWheel(summary, room),
  };
}

const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
