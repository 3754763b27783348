import type { ReleasePapers } from '../../app/sync-agenda.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { documentAnswer } from './document.ts';

/** A paper as a document; stale where a part of what it is written from could not be read. */
export function papersAnswer(schema: string, { at, todo, asks }: ReleasePapers, text: string): Answer {
  const isStale = todo.picksUnread !== null || !asks.known;
  return { ...documentAnswer(schema, text), asOf: at, stale: isStale, exit: exitCode(isStale ? 'stale' : 'done') };
}
