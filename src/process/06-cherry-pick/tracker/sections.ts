import type { Gate } from '../../../domain/gate.ts';
import { shortId } from '../../../domain/git-names.ts';
import { fillText } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { RevertStanding } from '../gates.ts';
import { code, inline, link } from '../render/escape.ts';
import type { PickState } from '../../../domain/pick-state.ts';
import { waitsSince, type StandingPick } from '../state.ts';
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
  /** Fixes of the milestones that are not on the branches. */
  readonly missing: readonly { readonly repo: string; readonly item: MilestoneItem }[];
  /** Repositories of which nobody knows what is missing, and why. */
  readonly unread: readonly { readonly repo: string; readonly reason: string }[];
  /** The milestone of the repository the issue lies in. */
  readonly milestone: readonly MilestoneItem[];
  readonly milestoneLink: string | null;
  /** The trackers of the other repositories, core's first. */
  readonly others: readonly { readonly repo: string; readonly slug: string; readonly number: number }[];
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
  /** Where all of it is, for the rows that there is no room for: a link or a command. */
  readonly whole: string;
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
    ...otherTrackers(view),
  ];
}

/** Core's tracker is the one that counts; a mirror says the same where its people look. */
function otherTrackers({ others, train }: TrackerView): readonly string[] {
  const isMirror = others.some(({ repo }) => roleOf(train, repo) === 'core');
  const names = others.slice(0, 40).map(({ slug, number }) => `${slug}#${number}`);
  if (names.length === 0) return [];
  return [
    isMirror
      ? `This mirrors ${names[0]}; the others: ${names.slice(1).join(', ') || 'none'}.`
      : `Mirrored in ${names.join(', ')}.`,
  ];
}

function roleOf(train: Train, repo: string): string | null {
  return Object.entries(train.repos).find(([key]) => key === repo)?.[1].role ?? null;
}

/** The list of pull requests onto the release branch of core, which has every pick of it. */
function allPulls({ train, release }: TrackerView): string {
  const core = Object.values(train.repos).find(({ role }) => role === 'core');
  const branch = fillText(core?.branch ?? train.branches.release, { release });
  const web = train.forge?.web.replace(/\/$/, '');
  if (web === undefined || core?.slug === undefined) return code(`signalbox pick list ${release}`);
  return link('all pull requests onto it', `${web}/${core.slug}/pulls?q=is:pr+base:${encodeURIComponent(branch)}`);
}

function windowText({ train, now }: TrackerView, { closesAt, closed, phase }: PickWindow): string {
  if (closesAt !== null) return `, picks until ${sayMoment(closesAt, train.picks.zone)} (in ${saySpan(now, closesAt)})`;
  if (phase.classes.length > 0) return ', its end is not known yet';
  return closed === null ? '' : `, since ${sayMoment(closed.at, train.picks.zone)}`;
}

/** What a tracker says before anything has happened; it holds no time, since a plan has it. */
export function firstSections(train: Train, release: ReleaseVersion): readonly Section[] {
  return [criteria({ train, window: null }), asking({ train, release })];
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

function dates({ dates: all, release }: TrackerView): Section {
  const rows = all.map(
    ({ id, on, passed, was }) =>
      `- ${inline(id)} ${inline(on)}${passed ? ' ✅' : ''}${was === null ? '' : ` (was ${inline(was)})`}`,
  );
  return { ...plain, head: 'Dates', rows, whole: code(`signalbox calendar show ${release}`) };
}

function criteria({ train, window }: Pick<TrackerView, 'train' | 'window'>): Section {
  const rows = Object.entries(train.picks.classes).map(([name, rule]) => {
    const taken = window === null || window.phase.classes.includes(name);
    return `- ${code(name)} ${inline(rule.title)}: ${inline(rule.criterion, 300)}${taken ? '' : ' *Not in this phase.*'}`;
  });
  return { ...plain, head: 'Cherry-pick criteria', rows, whole: 'the train file, under picks' };
}

function asking({ train, release }: Pick<TrackerView, 'train' | 'release'>): Section {
  const branch = fillText(train.branches.release, { release });
  const classes = Object.keys(train.picks.classes).join(',');
  return {
    ...plain,
    head: 'How to ask',
    rows: [
      `On the merged pull request: ${code(`@${train.picks.bot} cherry-pick --onto ${branch} -c {${classes}} [--fixes LINK]`)}`,
    ],
    whole: code(`@${train.picks.bot} cherry-pick --help`),
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
      whole: allPulls(view),
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
    whole: allPulls(view),
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
    whole: code(`signalbox pick list ${view.release}`),
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
  const whole = code(`signalbox pick reverts ${view.release}`);
  return { ...plain, head: `Reverts missing (${rows.length})`, rows, keep: 7, whole };
}

/** What nobody knows is said as well: a repository without an answer is none in which nothing is missing. */
function missing(view: TrackerView): Section {
  const rows = view.missing.map(
    ({ repo, item }) =>
      `- ${reference(view, repo, item.number)} ${inline(item.title, 120)}${item.isPullRequest ? '' : ' (issue)'}`,
  );
  const unread = view.unread.map(({ repo, reason }) => `- ❔ ${inline(repo)} is not known: ${inline(reason, 300)}`);
  return {
    ...plain,
    head: `Milestone fixes not in the branch (${rows.length}${unread.length === 0 ? '' : `, not known of ${unread.length}`})`,
    rows: [...unread, ...rows],
    keep: 4,
    whole: code(`signalbox pick missing ${view.release}`),
  };
}

function checklist({ milestone, milestoneLink, release }: TrackerView): Section {
  const rows = milestoneChecklist(milestone);
  const whole =
    milestoneLink === null ? code(`signalbox pick missing ${release}`) : link('the milestone', milestoneLink);
  return { before: [], head: `Milestone (${rows.length})`, rows, folded: rows.length > 20, keep: 2, whole };
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
