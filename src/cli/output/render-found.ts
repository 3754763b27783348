import type { FoundChange, SeenPull } from '../../app/history.ts';
import { shortId, type ObjectId } from '../../domain/git-names.ts';
import { committedAt, elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import { versionRows, type AskedPick, type FoundRow } from './found-versions.ts';
import type { LineCommit, OnLine, Standing } from './history-views.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { labelled, withCommand } from './labelled.ts';
import { paragraph } from './paragraph.ts';
import { PICK_STATES } from '../../domain/pick-state.ts';
import type { StandingPick } from './pick-states.ts';
import { freshness } from './render-gates.ts';
import { changeText, unreadLines, type UnreadRepo } from './reports.ts';
import { many, titleOf } from '../../domain/words.ts';
import { shape } from './shapes.ts';
import { clockTime, shortSpan } from '../../domain/time-text.ts';

/** One change of main with everything that is known of where it is. */
export interface ShownChange {
  readonly repo: string;
  readonly change: FoundChange;
  /** Picks of it that were asked for, for the branches that lack it. */
  readonly picks: readonly AskedPick[];
  /** Its pull request; null when the forge was not asked, or said nothing. */
  readonly pull: SeenPull | null;
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
  /** What is asked for is a pull request that main has not. */
  readonly notOnMain: readonly { readonly repo: string; readonly pull: SeenPull }[];
  /** Only the releases that have it. */
  readonly onlyStable: boolean;
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
    return [...spread(line(shape('failing'), text), fresh, room.width), ...pullLines(show, room), ...notes];
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

/** A pull request that main has not: open, closed, or merged into another branch. */
function pullLines({ notOnMain }: FoundShow, room: Room): readonly Line[] {
  return notOnMain.flatMap(({ repo, pull }) => {
    const where = pull.state === 'open' ? 'not merged yet' : `${pull.state}, into ${pull.base}`;
    const text = ` ${repo} #${pull.number} ${titleOf({ pull: pull.number, title: pull.title })} by @${pull.author}: ${where}, ${pull.link}`;
    return paragraph(line(shape(pull.state === 'open' ? 'queued' : 'skipped'), text), room.width, 0, 2);
  });
}

function changeLines(
  shown: ShownChange,
  { fresh, onlyStable }: { readonly fresh: Line; readonly onlyStable: boolean },
  room: Room,
): readonly Line[] {
  const { repo, change } = shown;
  const { commit, lines } = change;
  const rows = [
    mainRow(shown, room),
    ...(onlyStable ? [] : groupsOf(lines).flatMap((group) => rowsOf(group, shown, room))),
    stableRow(lines),
    ...(onlyStable ? [] : revertRows(change)),
  ];
  const next = onlyStable ? null : nextLines(shown, room);
  return [
    ...spread(line(span(`${repo} ${changeText(commit)}`, 'strong')), fresh, room.width),
    ...rowLines(rows, room),
    ...(next === null ? [] : [BLANK, ...next]),
  ];
}

function mainRow({ change: { commit, takenBack }, pull }: ShownChange, room: Room): FoundRow {
  const at = committedAt(commit.committedAt);
  const when = at === null ? '' : `  ${clockTime(at, room.now)}`;
  const who = pull === null ? '' : `, by @${pull.author}`;
  const back = takenBack === null ? '' : `; ${shortId(takenBack)} took it back`;
  return {
    label: 'main',
    state: takenBack === null ? 'pass' : 'failing',
    text: `${shortId(commit.id)}${when}${who}${back}`,
  };
}

function rowLines(rows: readonly FoundRow[], room: Room): readonly Line[] {
  const width = Math.min(24, Math.max(...rows.map(({ label }) => label.length)));
  return rows.flatMap(({ label, state, text }) =>
    labelled(
      line(`  ${label.padEnd(width)}  `, state === null ? '' : shape(state), state === null ? '' : ' '),
      text,
      room.width,
    ),
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

function rowsOf([first, ...others]: Group, { change, picks }: ShownChange, { now }: Room): readonly FoundRow[] {
  const asked = picks.find(({ pick: { record } }) => record.pick.onto === first.branch) ?? null;
  const told = standingText(first.standing, change.takenBack);
  const isThere = first.standing.kind === 'on-line' || first.standing.kind === 'inherited';
  const isPickTold = asked !== null && !isThere && asked.pick.state !== 'taken-back';
  const row: FoundRow = { label: first.branch, ...(isPickTold ? pickText(asked.pick, now) : told) };
  const rest: readonly FoundRow[] =
    others.length === 0
      ? []
      : [
          {
            label: many(others.length, 'other line'),
            state: told.state,
            text: `${told.text}, to ${others.at(-1)?.branch ?? ''}`,
          },
        ];
  const isNewest = first === change.lines[0];
  return [row, ...rest, ...versionRows({ line: first, isNewest, asked, now })];
}

function standingText(standing: Standing, takenBack: ObjectId | null): Pick<FoundRow, 'state' | 'text'> {
  switch (standing.kind) {
    case 'inherited':
      return takenBack === null
        ? { state: 'pass', text: 'came with the cut' }
        : { state: 'failing', text: 'has it still: it came with the cut' };
    case 'on-line': {
      const { by, counterpart, partial } = standing;
      const proof = counterpart.proofs.map(({ text }) => text).join('; ');
      const how = partial ? 'only a part of it' : counterpart.confidence;
      const told = `${how}: ${proof}`;
      if (takenBack !== null) return { state: 'failing', text: `${shortId(by.id)}  has it still, ${told}` };
      return { state: partial ? 'needs-you' : 'pass', text: `${shortId(by.id)}  ${told}` };
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

function pickText({ record, seen, state }: StandingPick, now: Instant): Pick<FoundRow, 'state' | 'text'> {
  const known = PICK_STATES[state];
  const pull = seen.pull === null ? '' : ` #${seen.pull.number}`;
  const since = record.decided.is === 'open' ? record.askedAt : record.decided.at;
  return { state: known.state, text: `pick${pull} ${known.word}, ${shortSpan(elapsedMillis(since, now))}` };
}

function stableRow(lines: readonly OnLine[]): FoundRow {
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

function revertRows({ takenBack, lines }: FoundChange): readonly FoundRow[] {
  if (takenBack !== null)
    return [{ label: 'reverts', state: 'failing', text: `taken back on main by ${shortId(takenBack)}` }];
  if (lines.length === 0) return [];
  // Before the oldest cut nobody looked.
  const isOld = lines.every(({ standing }) => standing.kind === 'inherited');
  return [{ label: 'reverts', state: null, text: isOld ? 'none on main since the first of the cuts' : 'none on main' }];
}

/** What has to happen next for the newest line that lacks it. */
function nextLines({ repo, change, picks }: ShownChange, { width, now }: Room): readonly Line[] | null {
  const { pull } = change.commit;
  const ask = (onto: string): string => `signalbox pick request ${pull} --repo ${repo} --onto ${onto} -c CLASS`;
  const owing = change.lines.find(({ standing: { kind } }) => kind === 'on-line' || kind === 'inherited');
  if (change.takenBack !== null) {
    return owing === undefined || pull === null
      ? null
      : withCommand(line('Take it back there:'), ask(owing.branch), width);
  }
  const asked = picks[0];
  if (asked !== undefined) {
    const { record, owners, state } = asked.pick;
    const fixes = record.fixes === null ? '' : `, fixes ${record.fixes}`;
    const { next } = PICK_STATES[state];
    const whom = owners.length === 0 ? '' : ` (${owners.map((owner) => `@${owner}`).join(', ')})`;
    const text = `Asked ${clockTime(record.askedAt, now)} as ${record.class} by @${record.askedBy}${fixes}.${next === null ? '' : ` Next: ${next}${whom}.`}`;
    return paragraph(line(text), width, 0, 2);
  }
  const [newest] = change.lines;
  if (newest?.standing.kind !== 'missing' || pull === null) return null;
  return withCommand(line('Ask for it:'), ask(newest.branch), width);
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
