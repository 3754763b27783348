import type { FoundChange } from '../../app/history.ts';
import { shortId } from '../../domain/git-names.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import type { LineCommit, OnLine, Standing } from './history-views.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { labelled, withCommand } from './labelled.ts';
import { paragraph } from './paragraph.ts';
import { PICK_STATES, type StandingPick } from './pick-states.ts';
import { freshness } from './render-gates.ts';
import { changeText, committedAt, many, unreadLines, type UnreadRepo } from './reports.ts';
import { shape, type State } from './shapes.ts';
import { clockTime, shortSpan } from './time.ts';

/** One change of main with everything that is known of where it is. */
export interface ShownChange {
  readonly repo: string;
  readonly change: FoundChange;
  /** Picks of it that were asked for, for the branches that lack it. */
  readonly picks: readonly StandingPick[];
}

export interface FoundShow {
  readonly asked: string;
  readonly asOf: Instant;
  readonly changes: readonly ShownChange[];
  /** Commits of release branches that are named themselves. */
  readonly lineCommits: readonly { readonly repo: string; readonly branch: string; readonly commit: LineCommit }[];
  readonly unread: readonly UnreadRepo[];
  /** Why the picks that were asked for are not known; null when they are, or nobody wanted to know. */
  readonly picksUnread: string | null;
  /** Only the releases that have it. */
  readonly onlyStable: boolean;
}

interface Row {
  readonly label: string;
  readonly state: State;
  readonly text: string;
}

/** Where a change is: main, each line with the proof, each candidate, releases, and what took it back. */
export function renderFound(show: FoundShow, room: Room): readonly Line[] {
  const { asked, changes, lineCommits, unread, asOf } = show;
  const fresh = freshness(asOf, room.now);
  const notes = [
    ...unreadLines(unread, room.width),
    ...(show.picksUnread === null
      ? []
      : paragraph(
          line(shape('no-data'), ` What was asked for could not be read: ${show.picksUnread}`),
          room.width,
          0,
          2,
        )),
  ];
  if (changes.length + lineCommits.length === 0) {
    const text = ` Nothing was found for ${asked}, on main or on a release branch.`;
    return [...spread(line(shape('failing'), text), fresh, room.width), ...notes];
  }
  return [
    ...changes.flatMap((each, index) => [
      ...(index === 0 ? [] : [BLANK]),
      ...changeLines(each, { fresh: index === 0 ? fresh : BLANK, onlyStable: show.onlyStable }, room),
    ]),
    ...(changes.length === 0 ? [...spread(line(span(asked, 'strong')), fresh, room.width)] : []),
    ...namedLines(show, room),
    ...(notes.length === 0 ? [] : [BLANK, ...notes]),
  ];
}

function changeLines(
  shown: ShownChange,
  { fresh, onlyStable }: { readonly fresh: Line; readonly onlyStable: boolean },
  room: Room,
): readonly Line[] {
  const { repo, change, picks } = shown;
  const { commit, lines } = change;
  const at = committedAt(commit.committedAt);
  const main: Row = {
    label: 'main',
    state: 'pass',
    text: `${shortId(commit.id)}${at === null ? '' : `  ${clockTime(at, room.now)}`}`,
  };
  const rows = [
    main,
    ...(onlyStable ? [] : groupsOf(lines).flatMap((group) => rowsOf(group, picks, room))),
    stableRow(lines),
    ...(onlyStable ? [] : revertRows(lines)),
  ];
  const next = onlyStable ? null : nextLines(shown, room.width);
  return [
    ...spread(line(span(`${repo} ${changeText(commit)}`, 'strong')), fresh, room.width),
    ...rowLines(rows, room),
    ...(next === null ? [] : [BLANK, ...next]),
  ];
}

function rowLines(rows: readonly Row[], room: Room): readonly Line[] {
  const width = Math.min(24, Math.max(...rows.map(({ label }) => label.length)));
  return rows.flatMap(({ label, state, text }) =>
    labelled(line(`  ${label.padEnd(width)}  `, shape(state), ' '), text, room.width),
  );
}

/** Neighbouring lines of which the same is to be said. */
type Group = readonly [OnLine, ...OnLine[]];

/** A run of three or more lines that all came to it by the cut, or all lack it, is told once: the newest by name, the others as a number. */
function groupsOf(lines: readonly OnLine[]): readonly Group[] {
  const groups: (readonly [OnLine, ...OnLine[]])[] = [];
  for (const each of lines) {
    const last = groups.at(-1);
    const { kind } = each.standing;
    if (last !== undefined && kind === last[0].standing.kind && (kind === 'missing' || kind === 'inherited')) {
      groups[groups.length - 1] = [...last, each];
    } else groups.push([each]);
  }
  return groups.flatMap((group): readonly Group[] =>
    group.length < 3 ? group.map((each) => [each] as const) : [group],
  );
}

function rowsOf([first, ...others]: Group, picks: readonly StandingPick[], room: Room): readonly Row[] {
  const pick = picks.find(({ record }) => record.pick.onto === first.branch);
  const told = standingText(first.standing);
  const row: Row =
    pick === undefined || first.standing.kind === 'on-line' || first.standing.kind === 'inherited'
      ? { label: first.branch, ...told }
      : { label: first.branch, ...pickText(pick, room.now) };
  const rest: readonly Row[] =
    others.length === 0
      ? []
      : [
          {
            label: many(others.length, 'other line'),
            state: told.state,
            text: `${told.text}, to ${others.at(-1)?.branch ?? ''}`,
          },
        ];
  return [row, ...rest, ...candidateRows(first)];
}

const MOST_CANDIDATES = 4;

/** The candidates that have it, oldest first; the oldest and how many more where there are many. */
function candidateRows({ standing, versions }: OnLine): readonly Row[] {
  const candidates = versions.filter((version) => version.includes('-rc')).toReversed();
  if (standing.kind === 'missing') return [];
  const [oldest, ...more] = candidates;
  if (oldest === undefined) {
    const isThere = standing.kind === 'on-line' || standing.kind === 'inherited';
    return isThere && versions.length === 0
      ? [{ label: 'candidates', state: 'queued', text: 'none of this line has it yet' }]
      : [];
  }
  if (standing.kind === 'inherited' || candidates.length > MOST_CANDIDATES) {
    const also = more.length === 0 ? '' : `, and ${more.length} more up to ${more.at(-1) ?? ''}`;
    return [{ label: oldest, state: 'pass', text: `in it${also}` }];
  }
  return candidates.map((version) => ({ label: version, state: 'pass', text: 'in it' }) as const);
}

function standingText(standing: Standing): Pick<Row, 'state' | 'text'> {
  switch (standing.kind) {
    case 'inherited':
      return { state: 'pass', text: 'came with the cut' };
    case 'on-line': {
      const { by, counterpart, partial } = standing;
      const proof = counterpart.proofs.map(({ text }) => text).join('; ');
      const how = partial ? 'only a part of it' : counterpart.confidence;
      return { state: partial ? 'needs-you' : 'pass', text: `${shortId(by.id)}  ${how}: ${proof}` };
    }
    case 'taken-back':
      return { state: 'failing', text: `was there; ${shortId(standing.by)} took it back` };
    case 'reverted-on-main':
      return { state: 'skipped', text: 'never there, and main has taken it back' };
    case 'unsure':
      return {
        state: 'no-data',
        text: `ambiguous: may be ${standing.by.slice(0, 4).map(shortId).join(' or ')}; somebody has to look`,
      };
    case 'missing':
      return { state: 'skipped', text: 'not there' };
  }
}

function pickText({ record, seen, state }: StandingPick, now: Instant): Pick<Row, 'state' | 'text'> {
  const known = PICK_STATES[state];
  const pull = seen.pull === null ? '' : ` #${seen.pull.number}`;
  const since = record.decided.is === 'open' ? record.askedAt : record.decided.at;
  return { state: known.state, text: `not there; pick${pull} ${known.word}, ${shortSpan(elapsedMillis(since, now))}` };
}

function stableRow(lines: readonly OnLine[]): Row {
  const oldest = lines.flatMap(({ versions }) => versions.filter((version) => !version.includes('-rc')).slice(-1));
  return oldest.length === 0
    ? { label: 'stable', state: 'skipped', text: 'not released' }
    : { label: 'stable', state: 'permanent', text: `since ${sinceText(oldest.toReversed())}` };
}

const MOST_RELEASES = 3;

/** The first release of each line, oldest first; how many more where there are many. */
function sinceText(releases: readonly string[]): string {
  const more = releases.length - MOST_RELEASES;
  const shown = releases.slice(0, MOST_RELEASES).join(', ');
  return more > 0 ? `${shown}, and on ${many(more, 'later line')}` : shown;
}

function revertRows(lines: readonly OnLine[]): readonly Row[] {
  const reverts = new Set(
    lines.flatMap(({ standing }) => (standing.kind === 'reverted-on-main' ? [shortId(standing.by)] : [])),
  );
  return reverts.size === 0
    ? []
    : [{ label: 'reverts', state: 'failing', text: `taken back on main by ${[...reverts].join(', ')}` }];
}

/** What has to happen next for the newest line that lacks it. */
function nextLines({ repo, change, picks }: ShownChange, width: number): readonly Line[] | null {
  const pick = picks[0];
  if (pick !== undefined) {
    const { record, owners, state } = pick;
    const fixes = record.fixes === null ? '' : `, fixes ${record.fixes}`;
    const { next } = PICK_STATES[state];
    const whom = owners.length === 0 ? '' : ` (${owners.map((owner) => `@${owner}`).join(', ')})`;
    const text = `Asked as ${record.class} by @${record.askedBy}${fixes}.${next === null ? '' : ` Next: ${next}${whom}.`}`;
    return paragraph(line(text), width, 0, 2);
  }
  const [newest] = change.lines;
  if (newest?.standing.kind !== 'missing' || change.commit.pull === null) return null;
  const command = `signalbox pick request ${change.commit.pull} --repo ${repo} --onto ${newest.branch} -c CLASS`;
  return withCommand(line('Ask for it:'), command, width);
}

function namedLines({ changes, lineCommits }: FoundShow, room: Room): readonly Line[] {
  if (lineCommits.length === 0) return [];
  return [
    ...(changes.length === 0 ? [] : [BLANK]),
    ...lineCommits.flatMap(({ repo, branch, commit }) => [
      ...paragraph(line(`${repo} ${branch}: `, span(changeText(commit), 'strong')), room.width, 0, 2),
      ...paragraph(
        line(
          `${shortId(commit.id)} is ${commit.class}, ${commit.confidence}: ${commit.why.map(({ text }) => text).join('; ')}`,
        ),
        room.width,
        2,
        2,
      ),
    ]),
  ];
}
