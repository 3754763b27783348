import type { PickDecision, PickView } from '../../api/views/pick.ts';
import type { PickWindowView } from '../../api/views/picks.ts';
import { shortId } from '../../domain/git-names.ts';
import { PICK_STATES } from '../../domain/pick-state.ts';
import { many, titleOf } from '../../domain/words.ts';
import type { Inline, PageRoom, Rich } from '../doc.ts';

/** The shape of a pick's state with its word. */
export function pickState({ state }: PickView): Inline {
  return { kind: 'state', state: PICK_STATES[state].state, word: PICK_STATES[state].word };
}

/** The title without its number at the end, cut where it is no title any more. */
export function titleText({ pick, title }: Pick<PickView, 'pick' | 'title'>): string {
  return cut(titleOf({ pull: pick.pr, title }), 200);
}

/** A text to a length, with the sign that there is more. */
export function cut(text: string, letters: number): string {
  const all = Array.from(text);
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join('')}…`;
}

/** Logins one after the other. */
export function people(logins: readonly string[]): readonly Inline[] {
  return logins.flatMap((login, index): readonly Inline[] => [
    ...(index === 0 ? [] : [' ']),
    { kind: 'person', login },
  ]);
}

/** The jobs of a pick: `38 of 40 green; not: lint`. */
export function jobsText({ pull }: PickView): string | null {
  const jobs = pull?.jobs ?? null;
  if (jobs === null) return null;
  const listed = jobs.bad
    .slice(0, 5)
    .map(({ name }) => cut(name, 80))
    .join(', ');
  const more = jobs.bad.length > 5 ? `, and ${jobs.bad.length - 5} more` : '';
  return `${jobs.green} of ${jobs.counted} green${jobs.bad.length === 0 ? '' : `; not: ${listed}${more}`}`;
}

/** What people last decided, by whom and when; null while nothing was. */
export function decisionText({
  decided,
  pull,
  landedBy,
  takenBack,
}: Pick<PickView, 'decided' | 'pull' | 'landedBy' | 'takenBack'>): Rich | null {
  if (decided.is === 'open') return null;
  const by: readonly Inline[] = [
    ' by ',
    { kind: 'person', login: decided.by },
    ', ',
    { kind: 'time', at: decided.at, form: 'ago' },
  ];
  switch (decided.is) {
    case 'approved': {
      const isMoved = pull !== null && pull.head !== decided.head && landedBy === null && takenBack === null;
      const moved = isMoved ? ['; something was pushed since, so it is in review again'] : [];
      return ['approved at ', { kind: 'code', text: shortId(decided.head) }, ...by, ...moved];
    }
    case 'late':
      return ['asked after the end at ', { kind: 'time', at: decided.closedAt, form: 'minute' }];
    case 'refused':
    case 'needs-info':
    case 'withdrawn':
    case 'superseded':
      return [PICK_STATES[decided.is].word, ...by, ': ', cut(textOf(decided), 600)];
  }
}

function textOf(decided: Extract<PickDecision, { readonly text: string }>): string {
  return decided.text;
}

/** The window in one line: phase, what it takes, until when. */
export function windowText(window: PickWindowView | null): readonly Inline[] {
  if (window === null) return ['The train has no phases for picks: nothing limits them.'];
  const { phase, takes, closesAt, endUnknown, closed } = window;
  if (takes.length === 0) {
    return closed === null
      ? [`${phase}: no picks are taken`]
      : [`The window is closed since `, { kind: 'time', at: closed.at, form: 'minute' }, ` (end of ${closed.phase})`];
  }
  const end: readonly Inline[] =
    closesAt === null
      ? [endUnknown ? ', open; the calendar does not say until when' : ', open']
      : [', open until ', { kind: 'time', at: closesAt, form: 'minute' }, ' (', untilTime(closesAt), ')'];
  return [phase, ...end];
}

function untilTime(at: NonNullable<PickWindowView['closesAt']>): Inline {
  return { kind: 'time', at, form: 'until' };
}

/** What may be done about a late pick, after what the window says. */
export function lateText(window: PickWindowView | null): string {
  return window?.closed?.late === 'final'
    ? 'Nobody may let one in after it.'
    : 'A release manager may let one in, for a reason.';
}

/** Whether the pick takes its change back on the line. */
export function isRevert({ pull, class: name }: PickView): boolean {
  return pull?.does === 'revert' || name === 'revert';
}

/** Those of the picks that the address asks for. */
export function chosenPicks(picks: readonly PickView[], { query }: PageRoom): readonly PickView[] {
  const says = (name: string): string | null => {
    const value = query[name]?.trim() ?? '';
    return value === '' || value === 'all' ? null : value;
  };
  const [author, className, repo, state, kind] = ['author', 'class', 'repo', 'state', 'kind'].map(says);
  const login = author?.replace(/^@/u, '').toLowerCase() ?? null;
  return picks.filter(
    (pick) =>
      (login === null || [pick.author, pick.askedBy].some((name) => name.toLowerCase() === login)) &&
      (className === null || pick.class === className) &&
      (repo === null || pick.pick.repo === repo) &&
      (state === null || (state === 'open' ? PICK_STATES[pick.state].next !== null : pick.state === state)) &&
      (kind === null || (kind === 'revert') === isRevert(pick)),
  );
}

/** `3 picks, 2 open: 1 needs review, 1 conflict`. */
export function countText(picks: readonly PickView[]): string {
  const open = picks.filter(({ state }) => PICK_STATES[state].next !== null);
  if (open.length === 0) return `${many(picks.length, 'pick')}, none waits for anybody`;
  const words = [...Map.groupBy(open, ({ state }) => state)].map(
    ([state, those]) => `${those.length} ${PICK_STATES[state].word}`,
  );
  return `${many(picks.length, 'pick')}, ${open.length} open: ${words.join(', ')}`;
}

/** Values that stand for themselves, each once, as the choices of a field. */
export function choicesOf(values: readonly string[]): readonly { readonly value: string; readonly label: string }[] {
  return [...new Set(values)].map((value) => ({ value, label: value }));
}
