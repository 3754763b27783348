import { shortId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import { pickName, type PickRef } from '../../../domain/pick.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion } from '../../../domain/version.ts';
import type { PickState } from '../../../domain/pick-state.ts';
import { waitsSince, type StandingPick } from '../state.ts';
import { sayMoment, saySpan, type PickWindow } from '../window.ts';
import { code, inline, link, plainLine } from './escape.ts';

/** The hidden marker by which the one status comment of a pick is found again, to be edited. */
export function pickMarker(pick: PickRef): string {
  return `signalbox:pick ${pickName(pick)}`;
}

export interface StatusView {
  readonly train: Train;
  readonly pick: StandingPick;
  readonly window: PickWindow | null;
  /** The candidate that an approved pick will be in. */
  readonly nextCandidate: CandidateVersion | null;
  /** Number of the tracker issue in the same repository. */
  readonly tracker: number | null;
  /** Address of the page of this change; null where no server runs. */
  readonly page: string | null;
  readonly now: Instant;
}

/** The status comment of a pick: one per pull request and branch, edited on each move. It calls nobody. At most 20 lines. */
export function statusComment(view: StatusView): string {
  const { pick, tracker, page } = view;
  const { record } = pick;
  const rows = [
    ['Picked', pickedText(view)],
    ['Class', classText(view)],
    ['Review', reviewText(view)],
    ['CI', ciText(pick)],
    ['Lands in', landsText(view)],
  ].flatMap(([name, text]) => (text === null ? [] : [`| ${name} | ${text} |`]));
  const foot = [
    ...(tracker === null ? [] : [`Tracker: #${tracker}.`]),
    ...(page === null ? [] : [`Where it is at any time: ${link(page, page)}`]),
  ].join(' ');
  return [
    `<!-- ${pickMarker(record.pick)} -->`,
    `**Cherry-pick of #${record.pick.pr} onto ${code(record.pick.onto)}: ${HEADLINES[pick.state]}**`,
    '',
    '| Step | |',
    '|---|---|',
    ...rows,
    ...(foot === '' ? [] : ['', foot]),
    '',
  ].join('\n');
}

const HEADLINES: Readonly<Record<PickState, string>> = {
  'waits-for-merge': 'waits for the merge on main',
  requested: 'asked for',
  conflict: 'conflict, needs your hands',
  'needs-review': 'waiting for a release manager',
  'needs-info': 'waiting for your answer',
  approved: 'approved',
  'in-ci': 'approved, in CI',
  landed: 'landed',
  'in-rc': 'in a candidate',
  released: 'released',
  refused: 'refused',
  withdrawn: 'withdrawn',
  late: 'too late',
  superseded: 'superseded',
  'taken-back': 'taken back on the line',
};

function pickedText({ pick: { seen, state } }: StatusView): string {
  if (state === 'taken-back' && seen.takenBack !== null) return `taken back by ${shortId(seen.takenBack)}`;
  if (seen.landedBy !== null)
    return `✅ ${seen.pull === null ? '' : `#${seen.pull.number}, `}landed as ${shortId(seen.landedBy)}`;
  if (seen.pull !== null) return `✅ #${seen.pull.number}, ${seen.pull.state}`;
  if (state === 'conflict') return `❌ conflict in ${seen.conflict?.conflicts.length ?? 0} files`;
  return seen.isMerged ? 'not yet' : 'once it is merged';
}

function classText({ train, pick: { record } }: StatusView): string {
  const title = train.picks.classes[record.class]?.title.toLowerCase() ?? plainLine(record.class, 40);
  return record.fixes === null ? inline(title) : `${inline(title)}, fixes ${inline(record.fixes, 120)}`;
}

function reviewText({ train, pick: { record } }: StatusView): string {
  const { decided } = record;
  const on = decided.is === 'open' ? '' : decided.at.slice(0, 10);
  switch (decided.is) {
    case 'approved':
      return `✅ ${inline(decided.by)}, ${on}`;
    case 'refused':
      return `❌ ${inline(decided.by)}, ${on}: ${inline(decided.text, 160)}`;
    case 'needs-info':
      return `❓ ${inline(decided.by)}, ${on}: ${inline(decided.text, 160)}`;
    case 'withdrawn':
    case 'superseded':
      return `${decided.is} by ${inline(decided.by)}, ${on}${decided.text === '' ? '' : `: ${inline(decided.text, 160)}`}`;
    case 'late':
      return `closed at ${decided.closedAt.slice(0, 16).replace('T', ' ')} UTC`;
    case 'open': {
      const managers = train.roles['release-manager'].slice(0, 6).map((login) => code(login, 'table'));
      return `⏳ release managers: ${managers.join(' ') || 'the train names none'}`;
    }
  }
}

function ciText({ seen }: StandingPick): string | null {
  const jobs = seen.pull?.jobs ?? null;
  if (jobs === null) return null;
  const bad = jobs.bad.slice(0, 3).map(({ name }) => code(name, 'table'));
  return `${jobs.green.length} of ${jobs.counted.length}${bad.length === 0 ? '' : `, red: ${bad.join(' ')}`}`;
}

const ENDED: ReadonlySet<PickState> = new Set(['refused', 'withdrawn', 'late', 'superseded', 'taken-back']);

function landsText({ train, pick: { seen, state }, window, nextCandidate, now }: StatusView): string | null {
  if (seen.released !== null) return `✅ ${seen.released}`;
  if (seen.candidate !== null) return `✅ ${seen.candidate}`;
  if (state === 'landed') return nextCandidate ?? 'the next candidate';
  if (ENDED.has(state)) return null;
  const where = nextCandidate ?? 'the next candidate';
  const end = window === null ? null : (window.later.at(-1)?.closesAt ?? window.closesAt);
  if (end === null) return `${where}, if approved`;
  return `${where}, if approved by ${sayMoment(end, train.picks.zone)} (in ${saySpan(now, end)})`;
}

/**
 * When a person is called by a new comment: progress is an edit, a human event is not (ux D6). Null while nothing of the kind happened. Conflicts and
 * late requests are not among them: the answer to the request tells those.
 */
export function announcementOf(pick: StandingPick): 'needs-info' | 'refused' | 'released' | 'taken-back' | null {
  const { state } = pick;
  return state === 'needs-info' || state === 'refused' || state === 'released' || state === 'taken-back' ? state : null;
}

/** The marker of a comment that says one thing once: the same event said again is found by it. */
export function saidMarker(pick: StandingPick): string {
  return `signalbox:said ${pickName(pick.record.pick)} ${pick.state} ${waitsSince(pick.record)}`;
}
