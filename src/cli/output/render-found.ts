import type { SeenPull } from '../../app/history.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import { changeRows, type FoundRow, type ShownChange } from '../../app/change-rows.ts';
import type { LineCommit } from './history-views.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { labelled, withCommand } from './labelled.ts';
import { paragraph } from './paragraph.ts';
import { PICK_STATES } from '../../domain/pick-state.ts';
import { freshness } from './render-gates.ts';
import { changeText, unreadLines, type UnreadRepo } from './reports.ts';
import { titleOf } from '../../domain/words.ts';
import { shape } from './shapes.ts';
import { clockTime } from '../../domain/time-text.ts';

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
  const { commit } = change;
  const rows = changeRows(shown, { now: room.now, onlyStable });
  const next = onlyStable ? null : nextLines(shown, room);
  return [
    ...spread(line(span(`${repo} ${changeText(commit)}`, 'strong')), fresh, room.width),
    ...rowLines(rows, room),
    ...(next === null ? [] : [BLANK, ...next]),
  ];
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
