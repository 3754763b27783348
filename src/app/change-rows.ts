import { shortId, type ObjectId } from '../domain/git-names.ts';
import { committedAt, elapsedMillis, type Instant } from '../domain/instant.ts';
import { PICK_STATES } from '../domain/pick-state.ts';
import { clockTime, shortSpan } from '../domain/time-text.ts';
import { many } from '../domain/words.ts';
import type { StandingPick } from '../process/06-cherry-pick/index.ts';
import { versionRows, type AskedPick, type FoundRow, type OnLine } from './change-versions.ts';
import type { FoundChange, SeenPull } from './history.ts';

export type { AskedPick, FoundRow } from './change-versions.ts';

type Standing = OnLine['standing'];

/** One change of main with everything that is known of where it is. */
export interface ShownChange {
  readonly repo: string;
  readonly change: FoundChange;
  /** Picks of it that were asked for, for the branches that lack it. */
  readonly picks: readonly AskedPick[];
  /** Its pull request; null when the forge was not asked, or said nothing. */
  readonly pull: SeenPull | null;
}

/** Where a change is, a row for each place: main, every line with its versions, the releases, what took it back. */
export function changeRows(
  shown: ShownChange,
  { now, onlyStable }: { readonly now: Instant; readonly onlyStable: boolean },
): readonly FoundRow[] {
  const { change } = shown;
  const { lines } = change;
  return [
    mainRow(shown, now),
    ...(onlyStable ? [] : groupsOf(lines).flatMap((group) => rowsOf(group, shown, now))),
    stableRow(lines),
    ...(onlyStable ? [] : revertRows(change)),
  ];
}

function mainRow({ change: { commit, takenBack }, pull }: ShownChange, now: Instant): FoundRow {
  const at = committedAt(commit.committedAt);
  const when = at === null ? '' : `  ${clockTime(at, now)}`;
  const who = pull === null ? '' : `, by @${pull.author}`;
  const back = takenBack === null ? '' : `; ${shortId(takenBack)} took it back`;
  return {
    label: 'main',
    state: takenBack === null ? 'pass' : 'failing',
    text: `${shortId(commit.id)}${when}${who}${back}`,
  };
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

function rowsOf([first, ...others]: Group, { change, picks }: ShownChange, now: Instant): readonly FoundRow[] {
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
