import type { ReleaseView } from '../../api/views/release.ts';
import type { TrainView } from '../../api/views/train.ts';
import { countClosed } from '../../domain/gate-text.ts';
import { shortId } from '../../domain/git-names.ts';
import { gateHref, releaseHref } from '../../domain/page-path.ts';
import type { Action, Block, Doc, PageRoom, Rich } from '../doc.ts';
import { GATE_COLUMNS, gateRow } from './gate-parts.ts';
import { createAction, freezeActions, planAction } from './release-actions.ts';
import { dayText, frozenNotice, noticeBlocks, phasesBlock, repoTable, verdictOf, waitingFor } from './release-parts.ts';
import { command } from './said.ts';

/** The overview: the release that comes out first at length, then all others and the next dates. */
export function trainDoc(view: TrainView, room: PageRoom): Doc {
  const { main, title } = view;
  const waiting = main === null ? 0 : waitingFor(main, room);
  const state = main === null ? 'no release is live' : main.blocking.length === 0 ? main.phase : 'not ready';
  return {
    title: `${waiting === 0 ? '' : `(${waiting}) `}${main === null ? '' : `${main.release} `}${state}, ${title}`,
    heading: main === null ? title : main.title,
    ...(main === null ? {} : { lead: leadOf(main, room) }),
    tab: 'train',
    release: main?.release ?? null,
    command: main === null ? 'signalbox release list' : `signalbox status ${main.release}`,
    blocks: [
      ...(main === null ? emptyBlocks(view) : mainBlocks(main, room)),
      section('live', 'Live releases', [liveTable(view, room)]),
      section('coming', 'Next dates', [comingTable(view, room)]),
      ...(view.ended.length === 0 ? [] : [section('ended', 'Ended', [endedList(view)])]),
      { kind: 'actions', actions: trainActions(view, room) },
    ],
  };
}

function section(id: string, heading: string, blocks: readonly Block[], aside?: Rich): Block {
  return { kind: 'section', id, heading, blocks, ...(aside === undefined ? {} : { aside }) };
}

function leadOf(main: ReleaseView, room: PageRoom): Rich {
  const { branch } = main;
  const where =
    branch === null
      ? ''
      : `, ${branch.name}${branch.commit === null ? ', not cut yet' : ` at ${shortId(branch.commit)}`}`;
  return [verdictOf(main).state, ` ${main.phase}${where}. Release day: ${dayText(main.day, room.now)}`];
}

function emptyBlocks({ freeze, unopened, ended }: TrainView): readonly Block[] {
  const why =
    ended.length === 0 ? 'Nobody has opened a release on this train yet.' : 'Every release of this train is over.';
  return [
    ...(freeze === null ? [] : [frozenNotice(freeze)]),
    {
      kind: 'notice',
      tone: 'info',
      text: `No release is live. ${why}`,
      next: ['Open one: ', command(`signalbox release create ${unopened ?? 'X.Y.Z'}`)],
    },
  ];
}

function mainBlocks(main: ReleaseView, room: PageRoom): readonly Block[] {
  const waiting = waitingFor(main, room);
  const { text } = verdictOf(main);
  const blocking = main.gates.filter(({ id }) => main.blocking.includes(id));
  const subject = main.next?.what ?? main.release;
  return [
    ...noticeBlocks(main),
    phasesBlock(main),
    section(
      'blocking',
      `Blocking ${subject} (${blocking.length})`,
      [
        { kind: 'paragraph', text: [verdictOf(main).state, ` ${text}`] },
        blocking.length === 0
          ? { kind: 'paragraph', text: nothingBlocks(main) }
          : {
              kind: 'table',
              id: 'blocking',
              caption: `What blocks ${subject}`,
              columns: GATE_COLUMNS,
              groups: [{ name: null, rows: blocking.map((gate) => gateRow(gate, main.release, room)) }],
              empty: '',
            },
        ...laterBlocks(main),
        ...nextAction(main, room),
      ],
      waiting === 0 ? countClosed(blocking) : `${waiting} need you today`,
    ),
    section('repos', 'Repositories', repoTable(main)),
  ];
}

/** Where to go on, since nothing is in the way. */
function nothingBlocks({ next, release, abandoned }: ReleaseView): Rich {
  const gates: Rich = { kind: 'link', href: releaseHref(release), text: `Gates of ${release}` };
  return next === null || abandoned !== null ? gates : ['Do: ', command(next.command), ' ', gates];
}

function laterBlocks({ later, release }: ReleaseView): readonly Block[] {
  if (later.length === 0) return [];
  const links = later.flatMap((id, index): readonly Exclude<Rich, readonly unknown[]>[] => [
    ...(index === 0 ? [] : [', ']),
    { kind: 'link', href: gateHref(release, id), text: id },
  ]);
  return [{ kind: 'paragraph', text: ['Closed for later steps: ', ...links] }];
}

function nextAction({ next, release }: ReleaseView, room: PageRoom): readonly Block[] {
  return next === null || next.plan === null
    ? []
    : [{ kind: 'actions', actions: [planAction(release, next.plan, room)] }];
}

function liveTable({ live, main, unopened }: TrainView, room: PageRoom): Block {
  return {
    kind: 'table',
    id: 'live',
    caption: 'Releases that are live',
    columns: [
      { key: 'release', name: 'Release' },
      { key: 'phase', name: 'Phase' },
      { key: 'blocking', name: 'Blocking', align: 'right' },
      { key: 'next', name: 'Next' },
      { key: 'day', name: 'Release day' },
      { key: 'here', name: 'This page' },
    ],
    groups: [
      {
        name: null,
        rows: live.map(({ release, phase, blocking, next, day, abandoned }) => ({
          key: release,
          href: releaseHref(release),
          cells: [
            release,
            abandoned ? { kind: 'state', state: 'failing', word: 'abandoned' } : phase,
            String(blocking),
            next ?? 'nothing is left to do here',
            dayText(day, room.now),
            release === main?.release
              ? 'shown above'
              : { kind: 'link', href: `/?release=${encodeURIComponent(release)}`, text: 'Show above' },
          ],
        })),
      },
    ],
    empty: ['No release is live. Open one: ', command(`signalbox release create ${unopened ?? 'X.Y.Z'}`)],
  };
}

const WHAT = { cut: 'branch cut', release: 'release day', patch: 'patch release' } as const;

function comingTable({ coming }: TrainView, room: PageRoom): Block {
  return {
    kind: 'table',
    id: 'coming',
    caption: 'Dates that lie ahead',
    columns: [
      { key: 'release', name: 'Release' },
      { key: 'what', name: 'What' },
      { key: 'day', name: 'When' },
    ],
    groups: [
      {
        name: null,
        rows: coming.map(({ release, what, date }) => ({
          key: `${release} ${what}`,
          cells: [release, WHAT[what], dayText(date, room.now)],
        })),
      },
    ],
    empty: 'The calendar names no date that lies ahead. Plan the next line under `calendar.cadence` in the train file.',
  };
}

function endedList({ ended }: TrainView): Block {
  return {
    kind: 'list',
    items: ended.map(({ release, how, at, reason }): Rich => [
      { kind: 'link', href: releaseHref(release), text: release },
      ` ${how} `,
      { kind: 'time', at, form: 'date' },
      reason === '' ? '' : `: ${reason}`,
    ]),
  };
}

function trainActions({ freeze, unopened }: TrainView, room: PageRoom): readonly Action[] {
  return [createAction(unopened, room), ...freezeActions(freeze !== null, room)];
}
