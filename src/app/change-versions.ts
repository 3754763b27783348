import type { Instant } from '../domain/instant.ts';
import type { State } from '../domain/state.ts';
import { clockTime } from '../domain/time-text.ts';
import type { StandingPick } from '../process/06-cherry-pick/index.ts';
import type { FoundChange } from './history.ts';

/** Where a change stands on one line. */
export type OnLine = FoundChange['lines'][number];

/** One line of what is said of a change; without a shape where nothing is judged. */
export interface FoundRow {
  readonly label: string;
  readonly state: State | null;
  readonly text: string;
}

/** A pick of the change that was asked for, and until when such ones are taken. */
export interface AskedPick {
  readonly pick: StandingPick;
  readonly until: Instant | null;
}

export interface VersionsOf {
  readonly line: OnLine;
  /** Of the newest line also those are told that have it not. */
  readonly isNewest: boolean;
  readonly asked: AskedPick | null;
  readonly now: Instant;
}

const MOST_CANDIDATES = 4;

/** The candidates of a line, oldest first: those without the change, those with it, and the one that will have it. */
export function versionRows({ line, isNewest, asked, now }: VersionsOf): readonly FoundRow[] {
  const isTold = isNewest && (asked !== null || line.standing.kind !== 'missing');
  return [
    ...(isTold && line.standing.kind !== 'inherited' ? lackingRows(line) : []),
    ...havingRows(line),
    ...(isNewest && asked !== null ? nextRow(line, asked, now) : []),
  ];
}

const WHY_LACKING = {
  'before-the-change': 'cut before the fix',
  'before-it-came': 'cut before the pick',
  'taken-back': 'cut after it was taken back',
} as const satisfies Record<OnLine['lacking'][number]['because'], string>;

function lackingRows({ lacking }: OnLine): readonly FoundRow[] {
  const candidates = lacking.filter(({ version }) => version.includes('-rc')).toReversed();
  const shown = candidates.slice(-MOST_CANDIDATES);
  const more = candidates.length - shown.length;
  return shown.map(({ version, because }, index) => ({
    label: version,
    state: 'skipped',
    text: `${WHY_LACKING[because]}${index === 0 && more > 0 ? `, as ${more} before it` : ''}`,
  }));
}

/** The candidates that have it; the oldest and how many more where there are many. */
function havingRows({ standing, versions }: OnLine): readonly FoundRow[] {
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

/** The candidate after the newest one, for a pick that may still get into it. */
function nextRow({ versions, lacking }: OnLine, { pick, until }: AskedPick, now: Instant): readonly FoundRow[] {
  const text = comingText(pick.state, until, now);
  if (text === null) return [];
  const { release } = pick.record;
  const numbers = [...versions, ...lacking.map(({ version }) => version)].flatMap((version) =>
    version.startsWith(`${release}-rc`) ? [Number(version.slice(`${release}-rc`.length))] : [],
  );
  return [{ label: `${release}-rc${Math.max(0, ...numbers) + 1}`, state: 'queued', text }];
}

function comingText(state: StandingPick['state'], until: Instant | null, now: Instant): string | null {
  switch (state) {
    case 'waits-for-merge':
    case 'requested':
    case 'conflict':
    case 'needs-review':
    case 'needs-info':
      return until === null ? 'in, if approved' : `in, if approved before ${clockTime(until, now)}`;
    case 'approved':
    case 'in-ci':
      return 'in, once its pull request is merged';
    case 'landed':
    case 'in-rc':
    case 'released':
    case 'refused':
    case 'withdrawn':
    case 'late':
    case 'superseded':
    case 'taken-back':
      return null;
  }
}
