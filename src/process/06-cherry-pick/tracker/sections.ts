import type { Gate } from '../../../domain/gate.ts';
import { shortId } from '../../../domain/git-names.ts';
import { fillText } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { RevertStanding } from '../gates.ts';
import { code, inline, link } from '../render/escape.ts';
import { waitsSince, type PickState, type StandingPick } from '../state.ts';
import { sayMoment, saySpan, type PickWindow } from '../window.ts';
import { milestoneChecklist, type MilestoneItem } from './checklist.ts';

/** What a tracker shows: everything of it is read from the world and the ledger, nothing from the issue itself. */
export interface TrackerView {
  readonly train: Train;
  readonly release: ReleaseVersion;
  /** The repository the issue lies in, where that is not core's: numbers of others are written with their repository. */
  readonly home?: string;
  /** The ledger's last entry that this picture includes. */
  readonly seq: number;
  readonly window: PickWindow | null;
  /** Newest first, with the day of its tag. */
  readonly candidates: readonly { readonly candidate: CandidateVersion; readonly on: string }[];
  /** Closed gates that hold up the next candidate. */
  readonly blocking: readonly Gate[];
  readonly dates: readonly {
    readonly id: string;
    readonly on: string;
    readonly passed: boolean;
    readonly was: string | null;
  }[];
  readonly picks: readonly StandingPick[];
  /** Reverts on main that the line owes. */
  readonly reverts: readonly RevertStanding[];
  /** Fixes of the milestone that are not on the branch. */
  readonly missing: readonly MilestoneItem[];
  readonly milestone: readonly MilestoneItem[];
  readonly now: Instant;
}

/** A part of the tracker: rows that may be shortened when the page gets too long, `keep` last. */
export interface Section {
  readonly head: string;
  /** Lines before the rows: the head of a table, or nothing. */
  readonly before: readonly string[];
  readonly rows: readonly string[];
  /** Whether the rows are folded away, to be opened by a click. */
  readonly folded: boolean;
  /** The higher, the longer its rows stay whole. */
  readonly keep: number;
}

const HOLDING: readonly (readonly [string, readonly PickState[]])[] = [
  ['Needs review', ['requested', 'needs-review']],
  ['Waiting for author', ['needs-info', 'conflict', 'waits-for-merge']],
  ['In CI', ['approved', 'in-ci']],
];

/** The lines at the top: phase, next deadline, newest candidate, what blocks. */
export function headLines(view: TrackerView): readonly string[] {
  const { train, release, window, candidates, blocking } = view;
  const [newest] = candidates;
  const parts = [
    window === null ? null : `**${inline(window.phase.title)}**${windowText(view, window)}`,
    newest === undefined ? 'no candidate yet' : `${newest.candidate} tagged ${newest.on}`,
  ].filter((part) => part !== null);
  const held = blocking
    .slice(0, 12)
    .map(({ id, owners }) => `${id}${owners[0] === undefined ? '' : ` ${code(owners[0])}`}`);
  return [
    `${inline(train.title)} ${release}: ${parts.join(' · ')}`,
    held.length === 0 ? 'Nothing blocks the next candidate.' : `**Blocking the next candidate:** ${held.join(' · ')}`,
  ];
}

function windowText({ train, now }: TrackerView, { closesAt, closed, phase }: PickWindow): string {
  if (closesAt !== null) return `, picks until ${sayMoment(closesAt, train.picks.zone)} (in ${saySpan(now, closesAt)})`;
  if (phase.classes.length > 0) return ', its end is not known yet';
  return closed === null ? '' : `, since ${sayMoment(closed.at, train.picks.zone)}`;
}

export function sectionsOf(view: TrackerView): readonly Section[] {
  return [
    dates(view),
    criteria(view),
    asking(view),
    ...holding(view),
    ...landed(view),
    declined(view),
    reverts(view),
    missing(view),
    checklist(view),
  ];
}

const plain = { before: [], folded: false, keep: 9 } as const;

function dates({ dates: all }: TrackerView): Section {
  const rows = all.map(
    ({ id, on, passed, was }) =>
      `- ${inline(id)} ${inline(on)}${passed ? ' ✅' : ''}${was === null ? '' : ` (was ${inline(was)})`}`,
  );
  return { ...plain, head: 'Dates', rows };
}

function criteria({ train, window }: TrackerView): Section {
  const rows = Object.entries(train.picks.classes).map(([name, rule]) => {
    const taken = window === null || window.phase.classes.includes(name);
    return `- ${code(name)} ${inline(rule.title)}: ${inline(rule.criterion, 300)}${taken ? '' : ' *Not in this phase.*'}`;
  });
  return { ...plain, head: 'Cherry-pick criteria', rows };
}

function asking({ train, release }: TrackerView): Section {
  const branch = fillText(train.branches.release, { release });
  const classes = Object.keys(train.picks.classes).join(',');
  return {
    ...plain,
    head: 'How to ask',
    rows: [
      `On the merged pull request: ${code(`@${train.picks.bot} cherry-pick --onto ${branch} -c {${classes}} [--fixes LINK]`)}`,
    ],
  };
}

const TABLE = ['| PR | class | fixes | author | age | pick |', '|---|---|---|---|---|---|'];

function holding(view: TrackerView): readonly Section[] {
  return HOLDING.map(([title, states], index) => {
    const picks = view.picks.filter(({ state }) => states.includes(state));
    return {
      head: `${title} (${picks.length})`,
      before: TABLE,
      rows: picks.map((pick) => pickRow(view, pick)),
      folded: false,
      keep: 8 - index,
    };
  });
}

/** Landed picks by the candidate that has them, newest first; those of older candidates are folded. */
function landed(view: TrackerView): readonly Section[] {
  const done = view.picks.filter(({ state }) => state === 'landed' || state === 'in-rc' || state === 'released');
  const groups = new Map<string, StandingPick[]>();
  for (const pick of done) {
    const name = pick.seen.candidate ?? 'next candidate';
    groups.set(name, [...(groups.get(name) ?? []), pick]);
  }
  const order = ['next candidate', ...view.candidates.map(({ candidate }) => String(candidate))];
  const place = (name: string): number => (order.indexOf(name) + order.length + 1) % (order.length + 1);
  const sorted = [...groups].toSorted(([left], [right]) => place(left) - place(right));
  return sorted.map(([name, picks], index) => ({
    head: `Landed: ${name} (${picks.length})`,
    before: TABLE,
    rows: picks.map((pick) => pickRow(view, pick)),
    folded: index > 1,
    keep: 5 - index,
  }));
}

const DECLINED: ReadonlySet<PickState> = new Set(['refused', 'late', 'withdrawn', 'superseded', 'taken-back']);

function declined(view: TrackerView): Section {
  const picks = view.picks.filter(({ state }) => DECLINED.has(state));
  const rows = picks.map(({ record, seen, state }) => {
    const { decided } = record;
    const why = 'text' in decided ? `: ${inline(decided.text, 160)}` : '';
    if (seen.takenBack !== null)
      return `- ${reference(view, record.pick.repo, record.pick.pr)} ${inline(seen.title, 80)}, taken back by ${shortId(seen.takenBack)}`;
    return `- ${reference(view, record.pick.repo, record.pick.pr)} ${inline(seen.title, 80)}, ${state}${why}`;
  });
  const count = (state: PickState): number => picks.filter((pick) => pick.state === state).length;
  return {
    before: [],
    head: `Refused (${count('refused')}), late (${count('late')})`,
    rows,
    folded: rows.length > 5,
    keep: 1,
  };
}

function reverts(view: TrackerView): Section {
  const rows = view.reverts.map(({ repo, change, revert }) => {
    const name =
      change.pr === null
        ? inline(change.title, 100)
        : `${reference(view, repo, change.pr)} ${inline(change.title, 100)}`;
    return `- ${name}: reverted on main by ${shortId(revert)}`;
  });
  return { ...plain, head: `Reverts missing (${rows.length})`, rows, keep: 7 };
}

function missing({ missing: items }: TrackerView): Section {
  return {
    ...plain,
    head: `Milestone fixes not in the branch (${items.length})`,
    rows: milestoneChecklist(items),
    keep: 4,
  };
}

function checklist({ milestone }: TrackerView): Section {
  const rows = milestoneChecklist(milestone);
  return { before: [], head: `Milestone (${rows.length})`, rows, folded: rows.length > 20, keep: 2 };
}

function pickRow(view: TrackerView, { record, seen }: StandingPick): string {
  const { pick } = record;
  const made = seen.pull === null ? '' : reference(view, pick.repo, seen.pull.number);
  const fixes = record.fixes === null ? '' : link(record.fixes, record.fixes);
  const cells = [
    `${reference(view, pick.repo, pick.pr)} ${inline(seen.title, 80)}`,
    inline(record.class),
    fixes,
    code(seen.author, 'table'),
    saySpan(waitsSince(record), view.now),
    made,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** `#7` in the repository where the tracker lies, `owner/name#7` elsewhere. */
function reference({ train, home }: TrackerView, repo: string, number: number): string {
  const entry = Object.entries(train.repos).find(([key]) => key === repo)?.[1];
  const isHome = home === undefined ? entry?.role === 'core' : home === repo;
  return entry?.slug === undefined || isHome ? `#${number}` : `${entry.slug}#${number}`;
}
