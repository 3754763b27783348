import { resolve } from 'node:path';
import { trainDocuments } from '../../app/docs/index.ts';
import { compareDocuments, writeDocuments, type ComparedDocument } from '../../app/docs/write-documents.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { loadedTrain } from '../train-file.ts';

/** Writes the documents of the train, or with --check says whether they are as they would be written. */
export async function run(session: Session): Promise<Answer> {
  const { train } = await loadedTrain(session);
  const folder = resolve(session.folder, session.argument('DIR') ?? 'docs');
  const compared = valueOf(await compareDocuments(folder, trainDocuments(train)));
  const changed = compared.filter(({ state }) => state !== 'same');
  const checks = session.flags.has('check');
  // Not asked before: what people wrote is never written over, and what we wrote can be made again.
  if (!checks) await writeDocuments(folder, changed);
  return {
    schema: 'docs-render',
    asOf: null,
    stale: false,
    exit: exitCode(checks && changed.length > 0 ? 'changes' : 'done'),
    data: { folder, documents: compared.map(({ path, state }) => ({ path, state })) },
    records: compared.map(({ path, state }) => [state, path]),
    lines: () => [
      ...compared.map((document) =>
        line(shape(isRight(document, checks) ? 'pass' : 'failing'), ` ${sentence(document, checks)}`),
      ),
      ...(checks && changed.length > 0 ? [line('  Next: signalbox docs render')] : []),
    ],
  };
}

function isRight({ state }: ComparedDocument, checks: boolean): boolean {
  return !checks || state === 'same';
}

function sentence({ path, state }: ComparedDocument, checks: boolean): string {
  if (state === 'same') return `${path} is the same already.`;
  if (!checks) return `${path} written.`;
  return state === 'new' ? `${path} is not there.` : `${path} differs from the train file.`;
}
