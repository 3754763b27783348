import type { OwedRevertView, PicksView } from '../../api/views/picks.ts';
import { shortId } from '../../domain/git-names.ts';
import { changeHref, releaseHref } from '../../domain/page-path.ts';
import { titleOf } from '../../domain/words.ts';
import { barredFrom, type Action, type Block, type PageRoom, type Rich, type Row } from '../doc.ts';
import { cut } from './pick-parts.ts';

/** What main took back and the branches still have: read only where reverts are asked for, else the way there. */
export function revertsSection({ release, reverts }: PicksView, room: PageRoom): readonly Block[] {
  const way: Rich = [
    { kind: 'link', href: '?kind=revert', text: 'Which reverts on main are missing here?' },
    ' Looks through every branch of the release.',
  ];
  if (reverts === null) return [{ kind: 'paragraph', text: way }];
  const { owed, unread, decisionsUnread } = reverts;
  return [
    {
      kind: 'section',
      id: 'reverts',
      heading: 'Reverts on main that are missing here',
      blocks: [
        ...unread.map(({ repo, reason }): Block => ({
          kind: 'notice',
          tone: 'warn',
          text: [{ kind: 'state', state: 'no-data' }, ` ${repo}: not known: ${cut(reason, 300)}`],
        })),
        ...(decisionsUnread === null
          ? []
          : [
              {
                kind: 'notice' as const,
                tone: 'warn' as const,
                text: `What people decided about them is not known: ${cut(decisionsUnread, 300)}`,
              },
            ]),
        tableOf(release, owed, unread.length > 0),
        { kind: 'actions', actions: [requestReverts(release, owed, room)] },
      ],
    },
  ];
}

function tableOf(release: string, owed: readonly OwedRevertView[], isUnread: boolean): Block {
  return {
    kind: 'table',
    id: 'owed-reverts',
    caption: `Changes that main took back and ${release} still has`,
    columns: [
      { key: 'change', name: 'Change' },
      { key: 'state', name: 'State' },
      { key: 'title', name: 'Title' },
      { key: 'revert', name: 'Reverted by', mono: true },
      { key: 'why', name: 'What holds' },
    ],
    groups: [{ name: null, rows: owed.map(rowOf) }],
    empty: isUnread
      ? 'None was found in what could be read; the rest is not known. Look again once it can be read.'
      : `${release} lacks no revert of main. Nothing has to be done.`,
  };
}

function rowOf(owed: OwedRevertView): Row {
  const { repo, pull, revert, title } = owed;
  const name = `${repo} ${pull === null ? shortId(revert) : `#${pull}`}`;
  return {
    key: `${repo}-${revert}`,
    cells: [
      pull === null ? name : { kind: 'link', href: changeHref({ repo, pr: pull }), text: name },
      stateOf(owed),
      cut(titleOf({ pull, title }), 200),
      { kind: 'code', text: shortId(revert) },
      whyText(owed),
    ],
  };
}

function stateOf({ declined, relandUntil, confidence, pull }: OwedRevertView): Rich {
  if (declined !== null) return { kind: 'state', state: 'waived', word: 'kept' };
  if (relandUntil !== null) return { kind: 'state', state: 'queued', word: 'waits for a reland' };
  if (confidence === 'probable' || pull === null) return { kind: 'state', state: 'needs-you' };
  return { kind: 'state', state: 'failing', word: 'missing' };
}

function whyText({ declined, relandUntil, confidence, pull }: OwedRevertView): Rich {
  if (declined !== null)
    return ['kept by decision of ', { kind: 'person', login: declined.by }, `: ${declined.reason}`];
  if (relandUntil !== null) return ['a reland is waited for until ', { kind: 'time', at: relandUntil, form: 'minute' }];
  if (confidence === 'probable') return 'only a title connects the two; look first, then ask for it by its number';
  return pull === null ? 'no pull request is known; revert it on the branch by hand' : 'ask for it';
}

function requestReverts(release: string, owed: readonly OwedRevertView[], room: PageRoom): Action {
  const ready = owed.filter(
    ({ declined, relandUntil, confidence, pull }) =>
      declined === null && relandUntil === null && confidence !== 'probable' && pull !== null,
  );
  return {
    id: 'request-reverts',
    label: 'Request missing reverts',
    href: `${releaseHref(release)}/reverts/request`,
    fields: [],
    command: `signalbox pick reverts ${release} --request`,
    undo: 'full',
    barred: ready.length === 0 ? 'No revert is proven, past the wait for a reland and undecided' : barredFrom(room, []),
    tells: `Plans ${ready.length === 1 ? 'one revert' : `${ready.length} reverts`}, each as a pull request that is reviewed like a pick.`,
  };
}
