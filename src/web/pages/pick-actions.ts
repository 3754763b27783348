import type { PickView } from '../../api/views/pick.ts';
import { shortId } from '../../domain/git-names.ts';
import { changeHref } from '../../domain/page-path.ts';
import { pickWaits, pickWords, type PickState } from '../../domain/pick-state.ts';
import { barredFrom, type Action, type Field, type PageRoom } from '../doc.ts';

const MANAGERS = ['release-manager'];

type Verb = 'approve' | 'refuse' | 'ask' | 'retry' | 'reopen' | 'withdraw' | 'dispense';

/** What moves a pick on from a state, the likeliest first; all else that is possible comes after. */
const NEXT: Readonly<Record<PickState, readonly Verb[]>> = {
  'waits-for-merge': [],
  requested: ['retry'],
  conflict: ['retry'],
  'needs-review': ['approve', 'refuse', 'ask'],
  'needs-info': ['reopen'],
  approved: [],
  'in-ci': [],
  landed: [],
  'in-rc': [],
  released: [],
  refused: ['reopen'],
  withdrawn: [],
  late: ['dispense'],
  superseded: [],
  'taken-back': [],
};

/** The moves that stand on a card. */
export function nextActions(pick: PickView, room: PageRoom): readonly Action[] {
  return NEXT[pick.state].map((verb) => actionFor(verb, pick, room));
}

/** Every move that the state allows. */
export function allActions(pick: PickView, room: PageRoom): readonly Action[] {
  const next = NEXT[pick.state];
  const always: readonly Verb[] = pickWaits(pick.state) ? ['refuse', 'ask', 'withdraw', 'dispense'] : [];
  return [...next, ...always.filter((verb) => !next.includes(verb))].map((verb) => actionFor(verb, pick, room));
}

interface Making {
  readonly label: string;
  readonly fields: readonly Field[];
  readonly flags: string;
  readonly undo: Action['undo'];
  readonly barred: string | null;
  readonly tells: string;
}

function actionFor(verb: Verb, pick: PickView, room: PageRoom): Action {
  const { repo, pr, onto } = pick.pick;
  const { label, fields, flags, undo, barred, tells } = MAKERS[verb](pick, room);
  return {
    id: `${verb}-${repo}-${pr}-${onto}`,
    label,
    href: `${changeHref({ repo, pr })}/${verb}`,
    fields: [{ name: 'onto', label: 'Branch', kind: 'hidden', value: onto }, ...fields],
    command: `signalbox pick ${verb} ${pickWords(pick.pick)}${flags}`,
    undo,
    barred,
    tells,
  };
}

const MAKERS: Readonly<Record<Verb, (pick: PickView, room: PageRoom) => Making>> = {
  approve: (pick, room) => ({
    label: 'Approve pick',
    fields: [{ name: 'head', label: 'Commit', kind: 'hidden', value: pick.pull?.head ?? '' }],
    flags: '',
    undo: 'full',
    barred: barredFrom(room, MANAGERS) ?? ownChange(pick, room),
    tells:
      pick.pull === null
        ? 'It has no pull request yet, so there is nothing to approve.'
        : `Approves #${pick.pull.number} at ${shortId(pick.pull.head)}. After another push it is back in review.`,
  }),
  refuse: (_pick, room) => ({
    label: 'Refuse pick',
    fields: [long('reason', 'Reason for the author')],
    flags: ' -m REASON',
    undo: 'partial',
    barred: barredFrom(room, MANAGERS),
    tells: 'The author is told the reason, and may answer once with the regression it fixes.',
  }),
  ask: (_pick, room) => ({
    label: 'Ask the author',
    fields: [long('question', 'Question')],
    flags: ' -m QUESTION',
    undo: 'partial',
    barred: barredFrom(room, MANAGERS),
    tells: 'The pick waits for the answer.',
  }),
  retry: (pick, room) => ({
    label: 'Retry pick',
    fields: [],
    flags: '',
    undo: 'full',
    barred: barredFrom(room, []),
    tells: `Tries it again as ${pick.class} and plans the branch and its pull request; nothing is pushed before the plan is applied.`,
  }),
  reopen: (pick, room) => ({
    label: 'Reopen pick',
    fields: [long('reason', pick.state === 'needs-info' ? 'Answer' : 'Reason')],
    flags: ' -m REASON',
    undo: 'full',
    barred: pick.state === 'refused' ? barredFrom(room, MANAGERS) : noPart(pick, room),
    tells: 'Takes it back to review.',
  }),
  withdraw: (pick, room) => ({
    label: 'Withdraw pick',
    fields: [long('reason', 'Reason')],
    flags: ' -m REASON',
    undo: 'full',
    barred: noPart(pick, room),
    tells: 'Takes the request back. Whoever asks again begins again.',
  }),
  dispense: (pick, room) => ({
    label: 'Let pick in',
    fields: [
      long('reason', 'Reason'),
      { name: 'until', label: 'Until the end of', kind: 'date', required: true, hint: 'A day, in UTC' },
    ],
    flags: ' -m REASON --until UNTIL',
    undo: 'full',
    barred: barredFrom(room, MANAGERS) ?? ownChange(pick, room),
    tells: 'Lets it in against the rules of its phase. Then the pick can be made: retry it.',
  }),
};

function long(name: string, label: string): Field {
  return { name, label, kind: 'long-text', required: true, max: 4000 };
}

function ownChange({ author }: PickView, { viewer, holders }: PageRoom): string | null {
  if (viewer === null || !isSame(viewer.login, author)) return null;
  const others = (holders['release-manager'] ?? []).filter((login) => !isSame(login, author));
  const ask = others.length === 0 ? 'nobody else has the role' : `ask ${others.map((login) => `@${login}`).join(', ')}`;
  return `Nobody decides for their own change; ${ask}`;
}

/** For whoever asked, whoever wrote the change, and release managers. */
function noPart({ author, askedBy }: PickView, room: PageRoom): string | null {
  const barred = barredFrom(room, []);
  const { viewer } = room;
  if (barred !== null || viewer === null) return barred;
  const part = [...new Set([askedBy, author])];
  if (viewer.roles.includes('release-manager') || part.some((login) => isSame(login, viewer.login))) return null;
  return `For ${part.map((login) => `@${login}`).join(', ')} and release managers`;
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
