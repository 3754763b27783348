import type { PickView } from '../../api/views/pick.ts';
import type { PicksView } from '../../api/views/picks.ts';
import { changeHref } from '../../domain/page-path.ts';
import { PICK_STATES, type PickState } from '../../domain/pick-state.ts';
import type { Block, Card, Doc, Field, Inline, PageRoom, Rich, Row } from '../doc.ts';
import { allActions, nextActions } from './pick-actions.ts';
import {
  choicesOf,
  chosenPicks,
  countText,
  decisionText,
  isRevert,
  jobsText,
  lateText,
  people,
  pickState,
  titleText,
  windowText,
} from './pick-parts.ts';
import { requestAction } from './pick-request.ts';
import { revertsSection } from './pick-reverts.ts';
import { unreadBlocks } from './pick-unread.ts';
import { trackerActions } from './tracker-actions.ts';

/** Above this a board is no longer one screen: a table is shown unless the board is asked for. */
const MOST_CARDS = 60;

const COLUMNS: readonly { readonly key: string; readonly name: string; readonly states: readonly PickState[] }[] = [
  { key: 'requested', name: 'Requested', states: ['waits-for-merge', 'requested'] },
  { key: 'needs-you', name: 'Needs you', states: ['needs-review', 'needs-info'] },
  { key: 'conflict', name: 'Conflict', states: ['conflict'] },
  { key: 'in-ci', name: 'In CI', states: ['approved', 'in-ci'] },
  { key: 'landed', name: 'Landed', states: ['landed', 'in-rc', 'released'] },
  { key: 'no', name: 'No', states: ['refused', 'late', 'withdrawn', 'superseded', 'taken-back'] },
];

/** The picks of a release: board or table, every move a button. */
export function picksDoc(view: PicksView, room: PageRoom): Doc {
  const { release, picks } = view;
  const chosen = chosenPicks(picks, room);
  const asked = room.query['view'];
  const isTable = asked === 'table' || (asked !== 'board' && chosen.length > MOST_CARDS);
  const waiting = picks.filter(({ state }) => state === 'needs-review').length;
  return {
    title: `${waiting === 0 ? '' : `(${waiting}) `}${release} cherry-picks`,
    heading: `Cherry-picks of ${release}`,
    lead: `${countText(picks)}${view.unread.length === 0 ? '' : `; ${view.unread.length} could not be read`}`,
    tab: 'picks',
    release,
    command: commandOf(view, room),
    blocks: [
      { kind: 'facts', rows: factsOf(view) },
      ...unreadBlocks(view),
      filterOf(view, room),
      ...(isTable ? [{ kind: 'paragraph' as const, text: switchOf(room, chosen.length) }] : []),
      isTable ? tableOf(view, chosen, room) : boardOf(view, chosen, room),
      ...revertsSection(view, room),
      { kind: 'actions', actions: [requestAction(view, room), ...trackerActions(release, room)] },
    ],
  };
}

function commandOf({ release }: PicksView, { query }: PageRoom): string {
  if (query['kind'] === 'revert') return `signalbox pick reverts ${release}`;
  const flags = (['repo', 'state'] as const).flatMap((name) => {
    const value = query[name] ?? '';
    return /^[a-z0-9][a-z0-9._-]*$/u.test(value) && value !== 'all' ? [` --${name} ${value}`] : [];
  });
  return `signalbox pick list ${release}${flags.join('')}`;
}

function factsOf({ branches, window, classes }: PicksView): readonly { name: string; value: Rich }[] {
  const names = [...new Set(branches.map(({ branch }) => branch))];
  const taken = classes.filter(({ name }) => window === null || window.takes.includes(name));
  const later = window?.later ?? [];
  return [
    { name: 'Onto', value: names.join(', ') },
    { name: 'Window', value: windowText(window) },
    ...(taken.length === 0
      ? []
      : [{ name: 'Takes', value: taken.map(({ name, title }) => `${name} (${title})`).join(', ') }]),
    ...(later.length === 0 ? [] : [{ name: 'Then', value: later.flatMap(laterText) }]),
  ];
}

function laterText(
  { phase, closesAt }: NonNullable<PicksView['window']>['later'][number],
  index: number,
): readonly Inline[] {
  return [`${index === 0 ? '' : ', '}${phase} until `, { kind: 'time', at: closesAt, form: 'minute' }];
}

function filterOf({ picks, branches, classes }: PicksView, { query }: PageRoom): Block {
  const choice = (
    name: string,
    label: string,
    choices: readonly { readonly value: string; readonly label: string }[],
  ): Field => ({
    name,
    label,
    kind: 'choice',
    value: query[name] ?? 'all',
    choices: [{ value: 'all', label: 'all' }, ...choices],
  });
  const used = [...classes.map(({ name }) => name), ...picks.map((pick) => pick.class)];
  const states = Object.entries(PICK_STATES).map(([value, { word }]) => ({ value, label: word }));
  return {
    kind: 'filter',
    label: 'Show',
    fields: [
      { name: 'author', label: 'Author', kind: 'text', value: query['author'] ?? '', max: 40 },
      choice('class', 'Class', choicesOf(used)),
      choice('repo', 'Repository', choicesOf(branches.map(({ repo }) => repo))),
      choice('state', 'State', [{ value: 'open', label: 'open' }, ...states]),
      choice('kind', 'Kind', [
        { value: 'pick', label: 'picks' },
        { value: 'revert', label: 'reverts' },
      ]),
      ...(query['view'] === undefined
        ? []
        : [{ name: 'view', label: 'View', kind: 'hidden' as const, value: query['view'] }]),
    ],
  };
}

/** The way from the table to the board, with the filters kept; a board has its own to the table. */
function switchOf({ query }: PageRoom, count: number): Rich {
  const search = new URLSearchParams({ ...query, view: 'board' });
  const why = query['view'] === 'table' ? '' : ` ${count} picks are too many for a board.`;
  return ['Shown as a table. ', { kind: 'link', href: `?${search.toString()}`, text: 'Show the board' }, why];
}

function boardOf(view: PicksView, chosen: readonly PickView[], room: PageRoom): Block {
  return {
    kind: 'board',
    id: 'picks',
    caption: `Cherry-picks of ${view.release} by where they are`,
    columns: COLUMNS.map(({ key, name, states }) => ({
      key,
      name,
      cards: chosen.filter(({ state }) => states.includes(state)).map((pick) => cardOf(pick, view, room)),
    })),
    empty: emptyText(view, room),
  };
}

function cardOf(view: PickView, { branches }: PicksView, room: PageRoom): Card {
  const { pick } = view;
  const isOneBranch = branches.filter(({ repo }) => repo === pick.repo).every(({ branch }) => branch === pick.onto);
  return {
    key: keyOf(view),
    href: changeHref(pick),
    title: `${pick.repo} #${pick.pr} ${titleText(view)}`,
    lines: [
      [pickState(view), ' ', { kind: 'time', at: view.since, form: 'ago' }],
      `${view.class}${isRevert(view) && view.class !== 'revert' ? ', revert' : ''}${isOneBranch ? '' : `, onto ${pick.onto}`}`,
      ...detailLines(view),
      ['by ', { kind: 'person', login: view.author }],
    ],
    actions: nextActions(view, room),
  };
}

/** What is worth knowing of a pick in its state. */
function detailLines(view: PickView): readonly Rich[] {
  const { conflict, candidate, released, owners } = view;
  const jobs = jobsText(view);
  const decision = decisionText(view);
  return [
    ...(conflict === null ? [] : [conflictText(conflict)]),
    ...(jobs === null || candidate !== null ? [] : [`CI ${jobs}`]),
    ...(released === null && candidate === null ? [] : [`in ${released ?? candidate ?? ''}`]),
    ...(decision === null || view.decided.is === 'approved' ? [] : [decision]),
    ...(owners.length === 0 ? [] : [['waits for ', ...people(owners)]]),
  ];
}

function conflictText({ files, needs }: NonNullable<PickView['conflict']>): string {
  const missing = needs.length === 0 ? '' : `, ${needs.length} earlier not on the branch`;
  return `conflict in ${files.length} ${files.length === 1 ? 'file' : 'files'}${missing}`;
}

function keyOf({ pick }: PickView): string {
  return `${pick.repo}-${pick.pr}-${pick.onto}`;
}

function tableOf(view: PicksView, chosen: readonly PickView[], room: PageRoom): Block {
  return {
    kind: 'table',
    id: 'picks',
    caption: `Cherry-picks of ${view.release}`,
    columns: [
      { key: 'pick', name: 'Pick' },
      { key: 'state', name: 'State' },
      { key: 'for', name: 'Since' },
      { key: 'class', name: 'Class' },
      { key: 'title', name: 'Title' },
      { key: 'author', name: 'Author' },
      { key: 'onto', name: 'Onto', mono: true },
      { key: 'owner', name: 'Waits for' },
    ],
    groups: COLUMNS.map(({ name, states }) => ({
      name,
      rows: chosen.filter(({ state }) => states.includes(state)).map((pick) => rowOf(pick, room)),
    })).filter(({ rows }) => rows.length > 0),
    empty: emptyText(view, room),
  };
}

function rowOf(view: PickView, room: PageRoom): Row {
  const { pick } = view;
  const details = detailLines(view);
  return {
    key: keyOf(view),
    href: changeHref(pick),
    cells: [
      { kind: 'link', href: changeHref(pick), text: `${pick.repo} #${pick.pr}` },
      pickState(view),
      { kind: 'time', at: view.since, form: 'ago' },
      view.class,
      titleText(view),
      { kind: 'person', login: view.author },
      pick.onto,
      view.owners.length === 0 ? 'nobody' : people(view.owners),
    ],
    details: details.length === 0 ? [] : [{ kind: 'list', items: details }],
    actions: allActions(view, room),
  };
}

/** Why there is none, and the next act. */
function emptyText(view: PicksView, room: PageRoom): Rich {
  if (view.picks.length === 0 && view.unread.length > 0) return 'No pick could be read; what was decided is above.';
  const { release, picks, window, bot, branches } = view;
  const branch = branches[0]?.branch ?? 'BRANCH';
  if (picks.length > 0) {
    return [
      `None of the ${picks.length} picks is so. `,
      { kind: 'link', href: room.query['view'] === 'table' ? '?view=table' : '?', text: 'Show all of them' },
    ];
  }
  const isClosed = window !== null && window.takes.length === 0;
  return [
    `No picks requested for ${branch} (${release}). `,
    ...windowText(window),
    '. ',
    ...(isClosed
      ? [lateText(window)]
      : [
          'Ask with ',
          { kind: 'code' as const, text: `@${bot} cherry-pick --onto ${branch} -c CLASS` },
          ' in the pull request, or with ',
          { kind: 'code' as const, text: `signalbox pick request PR --onto ${branch} -c CLASS` },
        ]),
  ];
}
