import { shortId } from '../../domain/git-names.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { labelled } from './labelled.ts';
import { paragraph } from './paragraph.ts';
import { PICK_STATES, pickCommands, pickWaits } from '../../domain/pick-state.ts';
import type { StandingPick } from './pick-states.ts';
import { freshness } from './render-gates.ts';
import { many, titleOf } from '../../domain/words.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';
import { ago, clockTime, shortSpan } from '../../domain/time-text.ts';

export interface PicksShow {
  readonly subject: string;
  readonly picks: readonly StandingPick[];
  /** What to say where there is none. */
  readonly none: string;
  readonly asOf: Instant;
  /** Login of who asks: shown as `you`. */
  readonly who: string;
}

/** Picks as a table, those that wait for somebody first; counts last. */
export function renderPicks({ subject, picks, none, asOf, who }: PicksShow, room: Room): readonly Line[] {
  const fresh = freshness(asOf, room.now);
  const head = spread(line(span(subject, 'strong')), fresh, room.width);
  if (picks.length === 0) return [...head, ...paragraph(line(none), room.width, 0, 2)];
  // The branch is known by the release, unless a repository has several.
  const isOneBranch = picks.every(({ record: { pick } }) =>
    picks.every(({ record: { pick: other } }) => other.repo !== pick.repo || other.onto === pick.onto),
  );
  const isOwned = picks.some(({ owners }) => owners.length > 0);
  const sorted = picks.toSorted((left, right) => Number(waits(right)) - Number(waits(left)));
  const rows = sorted.map((pick) => {
    const { record, seen, state } = pick;
    const known = PICK_STATES[state];
    return [
      line(shape(known.state)),
      line(span(`${record.pick.repo}#${record.pick.pr}`, 'strong')),
      line(known.word),
      line(shortSpan(elapsedMillis(sinceOf(pick), room.now))),
      line(record.class),
      line(titleOf({ pull: record.pick.pr, title: seen.title })),
      ...(isOwned ? [line(ownersText(pick, who))] : []),
      ...(isOneBranch ? [] : [line(record.pick.onto)]),
    ];
  });
  const columns = [
    { title: '' },
    { title: 'PICK', whole: true },
    { title: 'STATE', whole: true },
    { title: 'FOR', whole: true },
    { title: 'CLASS', optional: true },
    { title: 'TITLE' },
    ...(isOwned ? [{ title: 'OWNER', optional: true }] : []),
    ...(isOneBranch ? [] : [{ title: 'ONTO', whole: true }]),
  ];
  const open = picks.filter(waits);
  return [
    ...head,
    BLANK,
    ...table({ columns, rows, width: room.width }),
    BLANK,
    ...paragraph(
      open.length === 0
        ? line(shape('pass'), ` ${many(picks.length, 'pick')}, none waits for anybody.`)
        : line(shape('needs-you'), ` ${many(picks.length, 'pick')}, ${open.length} open: ${countStates(open)}.`),
      room.width,
      0,
      2,
    ),
  ];
}

/** Whether something has still to happen to it. */
export function waits({ state }: Pick<StandingPick, 'state'>): boolean {
  return pickWaits(state);
}

function countStates(picks: readonly StandingPick[]): string {
  const words = [...new Set(picks.map(({ state }) => state))];
  return words
    .map((state) => `${picks.filter((pick) => pick.state === state).length} ${PICK_STATES[state].word}`)
    .join(', ');
}

function sinceOf({ record }: StandingPick): Instant {
  return record.decided.is === 'open' ? record.askedAt : record.decided.at;
}

function ownersText({ owners }: StandingPick, who: string): string {
  return owners.map((owner) => (owner === who ? 'you' : `@${owner}`)).join(' ');
}

/** One pick at length: what was asked, what was decided, where it is, and what has to happen next. */
export function renderPick(
  pick: StandingPick,
  { who, asOf }: Pick<PicksShow, 'who' | 'asOf'>,
  room: Room,
): readonly Line[] {
  const { record, seen, state } = pick;
  const { pick: name } = record;
  const known = PICK_STATES[state];
  const field = (label: string, text: string | null): readonly Line[] =>
    text === null ? [] : labelled(line(`  ${label.padEnd(12)}`), text, room.width);
  const owners = ownersText(pick, who);
  const dispensation = record.dispensation;
  return [
    ...spread(line(span(`${name.repo}#${name.pr} onto ${name.onto}`, 'strong')), freshness(asOf, room.now), room.width),
    ...field('Change', `${titleOf({ pull: name.pr, title: seen.title })}, by @${seen.author}`),
    ...field(
      'Asked',
      `${clockTime(record.askedAt, room.now)} by @${record.askedBy} as ${record.class}${record.fixes === null ? '' : `, fixes ${record.fixes}`}`,
    ),
    ...field(
      'Let in',
      dispensation === null
        ? null
        : `by @${dispensation.by} until ${clockTime(dispensation.until, room.now)}: ${dispensation.text}`,
    ),
    ...field('Pull', pullText(pick)),
    ...field('Decision', decisionText(pick, room.now)),
    ...field('CI', jobsText(pick)),
    ...field('On the line', seen.landedBy === null ? null : `as ${shortId(seen.landedBy)}`),
    ...field('Taken back', seen.takenBack === null ? null : `there by ${shortId(seen.takenBack)}`),
    ...field('Candidate', seen.candidate),
    ...field('Released', seen.released),
    BLANK,
    ...paragraph(
      line(
        shape(known.state),
        ` ${known.word}`,
        known.next === null ? '' : `: ${known.next}${owners === '' ? '' : ` (${owners})`}`,
      ),
      room.width,
      0,
      2,
    ),
    ...pickCommands(name, state).map((command) => line(`  signalbox pick ${command}`)),
  ];
}

function pullText({ seen: { pull } }: StandingPick): string | null {
  return pull === null ? null : `#${pull.number}, ${pull.state}, head ${shortId(pull.head)}, ${pull.link}`;
}

function decisionText({ record, seen }: StandingPick, now: Instant): string | null {
  const { decided } = record;
  switch (decided.is) {
    case 'open':
      return null;
    case 'approved': {
      const moved =
        seen.pull !== null && seen.pull.head !== decided.head && seen.landedBy === null && seen.takenBack === null;
      return `approved by @${decided.by} at ${shortId(decided.head)}, ${ago(decided.at, now)}${moved ? '; something was pushed since, so it is in review again' : ''}`;
    }
    case 'late':
      return `asked after the end at ${clockTime(decided.closedAt, now)}`;
    case 'refused':
    case 'needs-info':
    case 'withdrawn':
    case 'superseded':
      return `${PICK_STATES[decided.is].word}, by @${decided.by}, ${ago(decided.at, now)}: ${decided.text}`;
  }
}

function jobsText({ seen: { pull } }: StandingPick): string | null {
  const jobs = pull?.jobs ?? null;
  if (jobs === null) return null;
  const bad = jobs.bad.map(({ name }) => name);
  const listed = bad.slice(0, 5).join(', ');
  const more = bad.length > 5 ? `, and ${bad.length - 5} more` : '';
  return `${jobs.green.length} of ${jobs.counted.length} green${bad.length === 0 ? '' : `; not: ${listed}${more}`}`;
}
