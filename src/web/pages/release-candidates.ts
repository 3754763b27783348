import type { ReleaseView } from '../../api/views/release.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Block, Rich, Row } from '../doc.ts';
import { noData } from './release-parts.ts';
import { command, minute, person } from './said.ts';

/** The tags of every candidate, newest first, and which of them has its files recorded. */
export function candidateBlocks(view: ReleaseView): readonly Block[] {
  const { release, candidates, candidatesUnread, recorded } = view;
  const numbers = [...new Set(candidates.map(({ number }) => number))];
  return [
    {
      kind: 'table',
      id: 'candidates',
      caption: `Candidates of ${release}`,
      columns: [
        { key: 'repo', name: 'Repository' },
        { key: 'tag', name: 'Tag' },
        { key: 'commit', name: 'Commit', mono: true },
      ],
      groups: numbers.map((number) => ({
        name: `rc${number}`,
        rows: candidates.filter((one) => one.number === number).map(tagRow),
      })),
      empty:
        candidatesUnread.length > 0
          ? [noData(), ' Whether there are candidates is not known: their tags could not be read.']
          : ['No candidate yet. Make one: ', command(`signalbox rc cut ${release}`)],
    },
    ...candidatesUnread.map(({ repo, reason }): Block => ({
      kind: 'notice',
      tone: 'warn',
      text: [noData(), ` The tags of ${repo} could not be read: ${reason}`],
      next: ['Look for the cause: ', command('signalbox doctor')],
    })),
    ...(recorded.length === 0
      ? [
          {
            kind: 'paragraph' as const,
            text: [
              'The files of no candidate are recorded, so none can be final. Record them: ',
              command(`signalbox artifact record ${release}-rcN`),
            ],
          },
        ]
      : [{ kind: 'list' as const, items: recorded.map((one) => recordText(view, one)) }]),
  ];
}

function tagRow({ repo, tag, commit }: ReleaseView['candidates'][number]): Row {
  return { key: `${repo} ${tag}`, cells: [repo, tag, shortId(commit)] };
}

function recordText({ final }: ReleaseView, one: ReleaseView['recorded'][number]): Rich {
  const isFinal = final?.candidate === one.candidate;
  return [
    `${one.candidate}: ${one.files} files recorded by `,
    person(one.by),
    ', ',
    minute(one.at),
    ...(one.abandoned ? [', abandoned'] : []),
    ...(isFinal ? [', final since ', minute(final.at), ', marked by ', person(final.by)] : []),
    ...(isFinal && !final.isCurrent
      ? ['; other files were recorded of it since: mark it again, or record the first again']
      : []),
  ];
}
