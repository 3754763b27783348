import type { DiffCommit, DiffView } from '../../api/views/diff.ts';
import { shortId } from '../../domain/git-names.ts';
import { changeHref } from '../../domain/page-path.ts';
import { many, titleOf } from '../../domain/words.ts';
import type { Block, Doc, Inline, PageRoom, Rich, Row } from '../doc.ts';
import { filesBlocks } from './diff-files.ts';
import { cut } from './pick-parts.ts';

/** What one candidate has that another lacks; what it lost comes first of all, because it should be nothing. */
export function diffDoc(view: DiffView, room: PageRoom): Doc {
  const { release, from, to, repos, without, unread } = view;
  const lost = repos.filter(({ removed }) => removed.length > 0);
  const isNotes = room.query['view'] === 'notes';
  return {
    title: `${from} to ${to}`,
    heading: `${from} to ${to}`,
    lead: leadOf(view),
    tab: 'release',
    release,
    command: `signalbox diff ${from} ${to}`,
    blocks: [
      ...unread.map(({ repo, reason }): Block => ({
        kind: 'notice',
        tone: 'warn',
        text: [{ kind: 'state', state: 'no-data' }, ` ${repo}: not known: ${cut(reason, 300)}`],
      })),
      ...lost.map(({ repo, removed }): Block => ({
        kind: 'notice',
        tone: 'error',
        text: `${repo}: ${many(removed.length, 'commit')} of ${from} ${removed.length === 1 ? 'is' : 'are'} not in ${to}.`,
      })),
      {
        kind: 'paragraph',
        text: { kind: 'link', href: isNotes ? '?' : '?view=notes', text: isNotes ? 'Commits and files' : 'As notes' },
      },
      ...(isNotes ? [notesOf(view)] : [...repos.flatMap(repoBlocks), ...sameOf(view), ...filesBlocks(view)]),
      ...(without.length === 0
        ? []
        : [{ kind: 'paragraph' as const, text: `Without both tags: ${without.join(', ')}.` }]),
    ],
  };
}

function leadOf({ repos, unread }: DiffView): readonly Inline[] {
  const added = repos.reduce((sum, each) => sum + each.added.length, 0);
  const differing = repos.filter((each) => each.from !== each.to).length;
  const text = `${many(added, 'commit')} in ${differing === 1 ? '1 repository' : `${differing} repositories`}`;
  const lost = repos.filter(({ removed }) => removed.length > 0).map(({ repo }) => repo);
  if (lost.length > 0)
    return [{ kind: 'state', state: 'failing' }, ` ${text}; what the first has is missing in ${lost.join(', ')}`];
  return unread.length > 0
    ? [
        { kind: 'state', state: 'no-data' },
        ` ${text}; whether anything was lost where nothing could be read is not known`,
      ]
    : [{ kind: 'state', state: 'pass' }, ` ${text}; nothing was lost`];
}

function sameOf({ repos }: DiffView): readonly Block[] {
  const same = repos.filter(({ from, to }) => from === to).map(({ repo }) => repo);
  return same.length === 0 ? [] : [{ kind: 'paragraph', text: `Same commit: ${same.join(', ')}.` }];
}

function repoBlocks({ repo, from, to, added, removed }: DiffView['repos'][number]): readonly Block[] {
  if (from === to) return [];
  const counts = [...Map.groupBy(added, (commit) => commit.class)]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([name, those]) => `${those.length} ${name}`);
  return [
    {
      kind: 'section',
      id: `repo-${repo}`,
      heading: repo,
      aside: [
        { kind: 'code', text: shortId(from) },
        ' to ',
        { kind: 'code', text: shortId(to) },
        `, ${many(added.length, 'commit')}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`,
      ],
      blocks: [
        {
          kind: 'table',
          id: `commits-${repo}`,
          caption: `Commits of ${repo}`,
          columns: [
            { key: 'commit', name: 'Change' },
            { key: 'class', name: 'What it is' },
            { key: 'title', name: 'Title' },
            { key: 'how', name: 'How sure' },
          ],
          groups: [
            ...(removed.length === 0 ? [] : [{ name: 'Not in the second', rows: removed.map(rowIn(repo, 'gone')) }]),
            { name: removed.length === 0 ? null : 'New', rows: added.map(rowIn(repo, 'new')) },
          ],
          empty: `${repo} has no commits between the two; only the tags differ.`,
        },
      ],
    },
  ];
}

function rowIn(repo: string, side: string): (commit: DiffCommit) => Row {
  return (commit) => {
    const { id, pull, title, confidence, cancelled } = commit;
    const name: Rich =
      pull === null
        ? { kind: 'code', text: shortId(id) }
        : { kind: 'link', href: changeHref({ repo, pr: pull }), text: `#${pull}` };
    return {
      key: `${side}-${repo}-${id}`,
      cells: [name, commit.class, cut(titleOf({ pull, title }), 200), cancelled ? 'cancels out' : (confidence ?? '')],
    };
  };
}

/** Titles of what came, by repository, to begin the notes with; what cancels out is left out. */
function notesOf({ repos, from, to }: DiffView): Block {
  const parts = repos.flatMap(({ repo, added }) => {
    const told = added.filter(({ cancelled, class: name }) => !cancelled && name !== 'release-only' && name !== 'cut');
    const items = told.map(
      ({ pull, title }) => `- ${oneLine(cut(titleOf({ pull, title }), 200))}${pull === null ? '' : ` (#${pull})`}`,
    );
    return items.length === 0 ? [] : [`## ${repo}\n\n${items.join('\n')}`];
  });
  return parts.length === 0
    ? { kind: 'paragraph', text: `Nothing came from ${from} to ${to} that notes would tell.` }
    : { kind: 'code', label: `Changes from ${from} to ${to}, for the notes`, text: parts.join('\n\n') };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ');
}
