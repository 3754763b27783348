import type { ChangeView } from '../../api/views/change.ts';
import type { PickView } from '../../api/views/pick.ts';
import { shortId } from '../../domain/git-names.ts';
import { PICK_STATES } from '../../domain/pick-state.ts';
import { STATE_WORDS, type State } from '../../domain/state.ts';
import { titleOf } from '../../domain/words.ts';
import type { Block, Doc, Inline, PageRoom, Rich } from '../doc.ts';
import { allActions } from './pick-actions.ts';
import { conflictBlocks } from './pick-conflict.ts';
import { cut, decisionText, jobsText, people, pickState, windowText } from './pick-parts.ts';
import { requestAction } from './pick-request.ts';

/** Where a change is, and all about its picks. */
export function changeDoc(view: ChangeView, room: PageRoom): Doc {
  const { repo, number, pull, commits, picks, targets } = view;
  const name = `${repo} #${number}`;
  const title = pull?.title ?? commits[0]?.title ?? picks[0]?.title ?? '';
  return {
    title: `${name} ${cut(titleOf({ pull: number, title }), 80)}`.trim(),
    heading: `${name} ${cut(titleOf({ pull: number, title }), 200)}`.trim(),
    lead: leadOf(view),
    tab: 'picks',
    release: picks[0] === undefined ? (targets[0]?.release ?? null) : releaseOf(picks[0], view),
    command: `signalbox find ${number}`,
    blocks: [...whereBlocks(view), ...picks.flatMap((pick) => pickSection(pick, view, room)), ...askBlocks(view, room)],
  };
}

function releaseOf({ pick }: PickView, { targets }: ChangeView): ChangeView['targets'][number]['release'] | null {
  return targets.find(({ branch }) => branch === pick.onto)?.release ?? null;
}

function leadOf({ pull }: ChangeView): Rich {
  if (pull === null) return 'the forge has said nothing of it';
  const where = pull.state === 'open' ? 'not merged yet' : `${pull.state} into ${cut(pull.base, 80)}`;
  return [
    `${where}, by `,
    { kind: 'person', login: pull.author },
    ', ',
    { kind: 'link', href: pull.link, text: 'at the forge' },
  ];
}

function whereBlocks({ repo, number, commits, unread, pull, picksUnread }: ChangeView): readonly Block[] {
  const notices: readonly Block[] = [
    ...(unread === null ? [] : [unreadNotice(`Where ${repo} #${number} is`, unread)]),
    ...(picksUnread === null ? [] : [unreadNotice('What was asked for', picksUnread)]),
  ];
  if (commits.length > 0)
    return [...notices, ...commits.map((commit, index) => whereTable(commit, commits.length, index))];
  if (unread !== null) return notices;
  const why =
    pull?.state === 'open'
      ? `${repo} #${number} is not merged, so no line can have it yet. It can be asked for already, below.`
      : `No commit of main in ${repo} is #${number}. Look for a commit or an issue by its name: `;
  const text: Rich = pull?.state === 'open' ? why : [why, { kind: 'code', text: 'signalbox find CHANGE' }];
  return [...notices, { kind: 'paragraph', text }];
}

function unreadNotice(what: string, reason: string): Block {
  return {
    kind: 'notice',
    tone: 'warn',
    text: [{ kind: 'state', state: 'no-data' }, ` ${what} is not known: ${cut(reason, 400)}`],
  };
}

function whereTable(commit: ChangeView['commits'][number], count: number, index: number): Block {
  return {
    kind: 'table',
    id: `where-${index}`,
    caption: count === 1 ? 'Where it is' : `Where ${shortId(commit.id)} is: ${cut(commit.title, 120)}`,
    columns: [
      { key: 'place', name: 'Place' },
      { key: 'state', name: 'State' },
      { key: 'how', name: 'How' },
    ],
    groups: [
      {
        name: null,
        rows: commit.rows.map(({ label, state, text }, at) => ({
          key: `where-${index}-${at}`,
          cells: [label, stateOf(state), cut(text, 400)],
        })),
      },
    ],
    empty: 'No line of the train can be read. See: signalbox doctor',
  };
}

function stateOf(state: string | null): Rich {
  return state !== null && isState(state) ? { kind: 'state', state } : '';
}

function isState(text: string): text is State {
  return Object.hasOwn(STATE_WORDS, text);
}

function pickSection(pick: PickView, view: ChangeView, room: PageRoom): readonly Block[] {
  const { onto } = pick.pick;
  const { next } = PICK_STATES[pick.state];
  const waits: Rich =
    next === null
      ? 'Nothing has to happen to it.'
      : [`Next: ${next}`, ...(pick.owners.length === 0 ? [] : [' (', ...people(pick.owners), ')'])];
  return [
    {
      kind: 'section',
      id: `pick-${onto.replaceAll('/', '-')}`,
      heading: `Pick onto ${onto}`,
      aside: pickState(pick),
      blocks: [
        { kind: 'facts', rows: factsOf(pick, view) },
        { kind: 'paragraph', text: waits },
        ...conflictBlocks(pick),
        { kind: 'actions', actions: allActions(pick, room) },
      ],
    },
  ];
}

interface Fact {
  readonly name: string;
  readonly value: Rich;
}

function row(name: string, value: Rich | null): readonly Fact[] {
  return value === null ? [] : [{ name, value }];
}

function factsOf(pick: PickView, { targets }: ChangeView): readonly Fact[] {
  const { askedAt, askedBy, fixes, dispensation, pull, landedBy, takenBack, candidate, released } = pick;
  const window = targets.find(({ branch }) => branch === pick.pick.onto)?.window;
  return [
    ...row('Asked', [
      { kind: 'time', at: askedAt, form: 'minute' },
      ' by ',
      { kind: 'person', login: askedBy },
      ` as ${pick.class}`,
      ...(fixes === null ? [] : [', fixes ', linkTo(fixes)]),
    ]),
    ...row('Window', window === undefined ? null : windowText(window)),
    ...row(
      'Let in',
      dispensation === null
        ? null
        : [
            'by ',
            { kind: 'person', login: dispensation.by },
            ' until ',
            { kind: 'time', at: dispensation.until, form: 'minute' },
            `: ${cut(dispensation.text, 600)}`,
          ],
    ),
    ...row(
      'Pull request',
      pull === null
        ? null
        : [
            { kind: 'link', href: pull.link, text: `#${pull.number}` },
            `, ${pull.does === 'revert' ? 'a revert, ' : ''}${pull.state}, head `,
            { kind: 'code', text: shortId(pull.head) },
          ],
    ),
    ...row('Decision', decisionText(pick)),
    ...row('Checks', checksText(pick)),
    ...row('On the line', landedBy === null ? null : ['as ', { kind: 'code', text: shortId(landedBy) }]),
    ...row('Taken back', takenBack === null ? null : ['there by ', { kind: 'code', text: shortId(takenBack) }]),
    ...row('Candidate', candidate),
    ...row('Released', released),
  ];
}

/** The jobs with the way to those that are not green. */
function checksText(pick: PickView): Rich | null {
  const jobs = pick.pull?.jobs ?? null;
  const text = jobsText(pick);
  if (jobs === null || text === null) return null;
  const links = jobs.bad
    .slice(0, 5)
    .flatMap(({ name, link }): readonly Inline[] =>
      link === null ? [] : [' · ', { kind: 'link', href: link, text: cut(name, 80) }],
    );
  return [{ kind: 'state', state: jobs.verdict }, ` ${text}`, ...links];
}

function linkTo(address: string): Inline {
  return address.startsWith('https://') ? { kind: 'link', href: address, text: cut(address, 120) } : cut(address, 120);
}

/** The way to ask for it where nobody has; and why it cannot be asked for. */
function askBlocks({ repo, number, picks, targets, classes }: ChangeView, room: PageRoom): readonly Block[] {
  if (targets.length === 0) {
    const text: Rich = [
      `No live release takes picks of ${repo}. Open one: `,
      { kind: 'code', text: 'signalbox release create X.Y.Z' },
    ];
    return [{ kind: 'notice', tone: 'info', text }];
  }
  const left = targets.filter(
    ({ branch }) => !picks.some(({ pick, state }) => pick.onto === branch && !['withdrawn', 'late'].includes(state)),
  );
  return left.flatMap((target): readonly Block[] => [
    {
      kind: 'paragraph',
      text: [`Not asked for onto ${target.branch} (${target.release}). `, ...windowText(target.window), '.'],
    },
    {
      kind: 'actions',
      actions: [
        requestAction({ release: target.release, classes, branches: [{ repo, branch: target.branch }] }, room, {
          repo,
          pr: number,
        }),
      ],
    },
  ]);
}
