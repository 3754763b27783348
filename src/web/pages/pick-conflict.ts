import type { PickView } from '../../api/views/pick.ts';
import { shortId } from '../../domain/git-names.ts';
import { changeHref } from '../../domain/page-path.ts';
import type { Block, Rich } from '../doc.ts';
import { cut } from './pick-parts.ts';

const MOST_FILES = 20;

/** What conflicts, what has to go in first, and the way to resolve it; nothing where nothing conflicts. */
export function conflictBlocks({ pick, conflict }: PickView): readonly Block[] {
  if (conflict === null) return [];
  const { files, needs } = conflict;
  return [
    {
      kind: 'section',
      id: `conflict-${pick.onto.replaceAll('/', '-')}`,
      heading: 'Conflict',
      blocks: [
        { kind: 'list', items: files.slice(0, MOST_FILES).map(fileText) },
        ...(files.length > MOST_FILES
          ? [{ kind: 'paragraph' as const, text: `${files.length - MOST_FILES} more files` }]
          : []),
        ...(needs.length === 0
          ? []
          : [
              { kind: 'paragraph' as const, text: `Depends on: not on ${pick.onto}, and changed the same before it` },
              { kind: 'list' as const, items: needs.map((need) => needText(pick.repo, need)) },
            ]),
        {
          kind: 'code',
          label: 'How to resolve it by hand',
          text: `signalbox pick show ${pick.pr} --repo ${pick.repo} --onto ${pick.onto} --conflict`,
        },
      ],
    },
  ];
}

type Conflict = NonNullable<PickView['conflict']>;

function fileText({ path, kind, ranges }: Conflict['files'][number]): Rich {
  const lines = ranges.map(({ first, last }) => (last <= first ? String(first) : `${first}-${last}`)).join(', ');
  const where = lines === '' ? '' : /^\d+$/u.test(lines) ? ` line ${lines}` : ` lines ${lines}`;
  return [{ kind: 'code', text: cut(path, 200) }, `${where}: ${kind.replace(/^CONFLICT /u, '')}`];
}

/** Where the subject ends with a number, the way to that change. */
function needText(repo: string, { commit, subject, touched }: Conflict['needs'][number]): Rich {
  const number = /\(#(\d{1,7})\)$/u.exec(subject.trim())?.[1];
  const text = ` ${cut(subject, 160)} (the same ${touched})`;
  return number === undefined
    ? [{ kind: 'code', text: shortId(commit) }, text]
    : [{ kind: 'link', href: changeHref({ repo, pr: Number(number) }), text: `#${number}` }, text];
}
