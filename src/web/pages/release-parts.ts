import type { PlannedDayView, ReleaseView, RepoView } from '../../api/views/release.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { dateText } from '../../domain/month.ts';
import { plannedDayText } from '../../domain/train/planned-day.ts';
import type { Block, Inline, PageRoom, Rich, Row } from '../doc.ts';
import { command, firstOf, saidBy } from './said.ts';

/** The phases of a release as steps, with the date or the candidate of each. */
export function phasesBlock(view: ReleaseView): Block {
  const under = view.phases.findLast(({ state }) => state === 'running');
  const current = under ?? view.phases.find(({ state }) => state !== 'pass');
  return {
    kind: 'phases',
    steps: view.phases.map(({ phase, state }) => ({
      name: phase,
      state,
      text: textOf(view, phase),
      current: phase === current?.phase,
    })),
  };
}

function textOf({ cut, day, repos, final }: ReleaseView, phase: string): string {
  const newest = repos.find(({ candidate }) => candidate !== null)?.candidate ?? null;
  switch (phase) {
    case 'Branch cut':
      return shortDay(cut);
    case 'RCs':
      return newest === null ? '' : `rc${newest.split('-rc')[1] ?? ''}`;
    case 'Final RC':
      return final === null ? '' : final.candidate;
    case 'Release day':
      return shortDay(day);
    default:
      return '';
  }
}

/** `30 Jul 2025 (was 14 Jul 2025)`. */
function shortDay(day: PlannedDayView | null): string {
  if (day?.on === undefined) return day === null ? '' : 'not planned';
  const last = day.moved.at(-1);
  const was = last === undefined ? '' : ` (was ${dateText(last.from)})`;
  return `${dateText(day.on)}${was}`;
}

/** `Wed 30 Jul, in 18 d`; why it is not known otherwise. */
export function dayText(day: PlannedDayView | null, now: Instant, isDone = false): string {
  return day === null ? 'the calendar does not say' : plannedDayText({ ...day, moved: [...day.moved] }, now, isDone);
}

/** What holds everything up, said before anything else. */
export function noticeBlocks(view: Pick<ReleaseView, 'release' | 'freeze' | 'abandoned' | 'closed'>): readonly Block[] {
  const { release, freeze, abandoned, closed } = view;
  return [
    ...(abandoned === null
      ? []
      : [
          {
            kind: 'notice' as const,
            tone: 'error' as const,
            text: [`${release} was abandoned, for ever, `, ...saidBy(abandoned)],
            next: 'Nothing is planned or carried out with it; only taking back goes on.',
          },
        ]),
    ...(closed === null || closed.how === 'abandoned'
      ? []
      : [{ kind: 'notice' as const, tone: 'info' as const, text: `${release} was closed: ${closed.reason}` }]),
    ...(freeze === null ? [] : [frozenNotice(freeze)]),
  ];
}

export function frozenNotice(freeze: NonNullable<ReleaseView['freeze']>): Block {
  return {
    kind: 'notice',
    tone: 'warn',
    text: ['The train was frozen ', ...saidBy(freeze)],
    next: ['A release manager thaws it: ', command('signalbox release thaw')],
  };
}

/** Repositories with their branch, candidate, jobs and picks. */
export function repoTable(view: ReleaseView): readonly Block[] {
  return [
    {
      kind: 'table',
      id: 'repos',
      caption: `Repositories of ${view.release}`,
      columns: [
        { key: 'repo', name: 'Repository' },
        { key: 'branch', name: 'Branch' },
        { key: 'commit', name: 'Head', mono: true },
        { key: 'candidate', name: 'Last candidate' },
        { key: 'ci', name: 'CI' },
        { key: 'picks', name: 'Picks: landed / open' },
        { key: 'owner', name: 'Owner' },
      ],
      groups: [{ name: null, rows: view.repos.map(repoRow) }],
      empty: [
        'No repository of the train takes part in this release. Name them under ',
        command('repos'),
        ' in the train file.',
      ],
    },
    ...view.repos.flatMap(({ repo, unreadable }): readonly Block[] =>
      unreadable === null
        ? []
        : [
            {
              kind: 'notice',
              tone: 'warn',
              text: [noData(), ` ${repo}: ${unreadable}`],
              next: [
                'What rests on it is not known, and does not pass. Look for the cause: ',
                command('signalbox doctor'),
              ],
            },
          ],
    ),
    ...(view.picksUnread === null
      ? []
      : [
          {
            kind: 'notice' as const,
            tone: 'warn' as const,
            text: [noData(), ` Picks could not be read: ${view.picksUnread}`],
            next: ['How many wait is not known. Try: ', command(`signalbox pick list ${view.release}`)],
          },
        ]),
  ];
}

export function noData(): Inline {
  return { kind: 'state', state: 'no-data' };
}

function repoRow({ repo, branch, commit, candidate, ci, picks, owners }: RepoView): Row {
  const picked: Rich = picks === null ? noData() : `${picks.landed} / ${picks.open}`;
  return {
    key: repo,
    cells: [
      repo,
      branch,
      commit === null ? 'not cut' : shortId(commit),
      candidate === null ? 'none' : `v${candidate}`,
      { kind: 'state', state: ci.state, word: ci.text },
      picked,
      firstOf(owners),
    ],
  };
}

/** What is blocked by closed gates, and by how many; `isReady` only where something is left and nothing is in its way. */
export function verdictOf(view: ReleaseView): {
  readonly isReady: boolean;
  readonly state: Inline;
  readonly text: string;
} {
  const { abandoned, next, blocking, release } = view;
  const what = next?.what ?? 'what is left';
  if (abandoned !== null) return verdict('failing', 'abandoned', `${release} was abandoned: nothing is done with it.`);
  if (blocking.length > 0) {
    const things = blocking.length === 1 ? '1 thing blocks' : `${blocking.length} things block`;
    return verdict('failing', 'not ready', `${things} ${what}.`);
  }
  return next === null
    ? verdict('pass', 'done', 'Nothing is left to do here.')
    : verdict('pass', 'ready', `Ready for ${what}.`);
}

function verdict(state: 'pass' | 'failing', word: string, text: string): ReturnType<typeof verdictOf> {
  return { isReady: state === 'pass', state: { kind: 'state', state, word }, text };
}

/** How many of the blocking gates wait for who looks. */
export function waitingFor(view: ReleaseView, room: PageRoom): number {
  const login = room.viewer?.login;
  return view.gates.filter(({ id, owners }) => view.blocking.includes(id) && owners[0] === login).length;
}
