import type { PagePlace } from '../../domain/index-page.ts';
import {
  explainIndex,
  explainMetadataFile,
  pageKeys,
  type IndexProblem,
  type MetadataFileProblem,
} from '../../wheel/simple-index/index.ts';
import type { AppProblem, ProblemKind } from '../problem.ts';

/** Why the pages of a channel's index are not planned. */
export type ChannelIndexProblem =
  | { readonly code: 'index-page'; readonly store: string; readonly place: PagePlace; readonly problem: IndexProblem }
  | { readonly code: 'index-files'; readonly store: string; readonly problem: IndexProblem }
  | { readonly code: 'index-file-other'; readonly file: string; readonly expected: string; readonly stored: string }
  | { readonly code: 'index-file-unreadable'; readonly file: string; readonly problem: MetadataFileProblem }
  | { readonly code: 'index-file-gone'; readonly file: string }
  | { readonly code: 'index-removal-unknown'; readonly store: string; readonly file: string }
  | { readonly code: 'index-strange-name'; readonly store: string; readonly name: string };

function explainChannelIndex(problem: ChannelIndexProblem): string {
  switch (problem.code) {
    case 'index-page':
      return `${problem.store}, page ${pageKeys(problem.place).html}: ${explainIndex(problem.problem)}`;
    case 'index-files':
      return `${problem.store}: ${explainIndex(problem.problem)}`;
    case 'index-file-other':
      return `${problem.file} lies in the store with ${problem.stored}, and the record of the candidate has ${problem.expected}. Nothing is listed on a doubt: put the right file there, or take it away.`;
    case 'index-file-unreadable':
      return `${problem.file} cannot be read: ${explainMetadataFile(problem.problem)}`;
    case 'index-file-gone':
      return `${problem.file} was listed and is gone: somebody takes files away at this moment. Find out who, then plan again.`;
    case 'index-removal-unknown':
      return `${problem.file} is on no page of ${problem.store}, so it cannot be taken off one. Check its spelling: names are written as the index has them.`;
    case 'index-strange-name':
      return `${problem.store} holds something named ${JSON.stringify(problem.name)}, which no index can list. Take it away.`;
  }
}

function kindOf({ code }: ChannelIndexProblem): ProblemKind {
  return code === 'index-removal-unknown' ? 'usage' : 'conflict';
}

/** The problems as faces tell them. */
export function toApp(problem: ChannelIndexProblem): AppProblem {
  return { kind: kindOf(problem), code: problem.code, text: explainChannelIndex(problem) };
}
