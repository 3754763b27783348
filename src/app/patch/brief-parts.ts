import type { State } from '../../domain/state.ts';
import { many } from '../../domain/words.ts';
import type { FixFound } from '../../process/10-patch/index.ts';
import type { Observed } from '../../domain/observation.ts';
import type { Brief } from './brief.ts';

/** A sentence of the brief; `state` null where it only tells. */
export interface BriefRow {
  readonly state: State | null;
  readonly text: string;
  /** What belongs to the sentence and is shown below it. */
  readonly more?: string;
}

export interface BriefPart {
  readonly head: string;
  readonly rows: readonly BriefRow[];
}

/** Most names that fit on the one page; how many more there are is said. */
const MOST = 12;

/** The brief part by part, in sentences: what the command line and the page show alike. */
export function briefParts(brief: Brief): readonly BriefPart[] {
  return [
    { head: 'Candidates', rows: candidateRows(brief) },
    { head: 'Criteria', rows: brief.criteria.map(({ question }) => ({ state: null, text: question })) },
    { head: 'Removals', rows: removalRows(brief) },
    { head: 'Risk', rows: riskRows(brief) },
    { head: 'Owed', rows: owedRows(brief) },
    { head: 'Dates', rows: dateRows(brief) },
  ];
}

const FIX = {
  'on-line': { state: 'pass', text: 'fixed, and the release branch has it' },
  missing: { state: 'running', text: 'fixed on main, not on the release branch' },
  partial: { state: 'needs-you', text: 'only a part of the fix is on the release branch' },
  unsure: { state: 'no-data', text: 'whether the release branch has the fix is not sure' },
  'no-commit': { state: 'failing', text: 'no commit of main says that it is the fix' },
  'not-wanted': { state: 'failing', text: 'main took the fix back' },
} as const satisfies Record<FixFound['verdict'], { readonly state: State; readonly text: string }>;

/** Where a fix is, in words; `commits` of main included where there are some. */
export function fixWords(fix: Observed<FixFound>): { readonly state: State; readonly text: string } {
  if (!fix.known) return { state: 'no-data', text: `unknown: ${fix.reason}` };
  const { commits, verdict } = fix.value;
  const { state, text } = FIX[verdict];
  const named = commits.map(({ commit, pull }) => (pull === null ? commit.slice(0, 9) : `#${pull}`));
  return { state, text: named.length === 0 ? text : `${text} (${named.join(', ')})` };
}

function candidateRows({ accepted, release }: Brief): readonly BriefRow[] {
  if (accepted.length === 0) return [{ state: 'failing', text: `none: signalbox patch triage ${release}` }];
  const rows = accepted.slice(0, MOST).map(({ decision, title, fix }): BriefRow => {
    const { state, text } = fixWords(fix);
    const { repo, item, by, reason } = decision;
    return { state, text: `${repo}#${item} ${title}`, more: `${text}; @${by}: ${reason}` };
  });
  return withRest(rows, accepted.length, `signalbox patch triage ${release}`);
}

function withRest(rows: readonly BriefRow[], all: number, where: string): readonly BriefRow[] {
  return all > rows.length ? [...rows, { state: null, text: `and ${all - rows.length} more: ${where}` }] : rows;
}

function removalRows({ removals, release }: Brief): readonly BriefRow[] {
  if (removals === null) return [{ state: 'no-data', text: 'not known: the train file has no matrix to compare with' }];
  const { since, removed } = removals;
  if (removed.length === 0) return [{ state: 'pass', text: `none against ${since}` }];
  const rows = removed.slice(0, MOST).map(({ key, reason }): BriefRow => ({ state: null, text: `${key}: ${reason}` }));
  return [
    { state: 'needs-you', text: `${many(removed.length, 'file')} fewer than ${since}` },
    ...withRest(rows, removed.length, `signalbox artifact expected ${release}`),
  ];
}

function riskRows({ risk, reverts, release }: Brief): readonly BriefRow[] {
  const { fixes, unknown, files, lines, shared, largest, takenBack } = risk;
  const all = fixes + unknown;
  const some = shared.length > 3 ? ` and ${shared.length - 3} more` : '';
  const optional = (is: boolean, row: BriefRow): readonly BriefRow[] => (is ? [row] : []);
  return [
    ...optional(fixes > 0, {
      state: null,
      text: `${many(lines, 'line')} in ${many(files, 'file')} by ${fixes} of ${many(all, 'candidate')}`,
    }),
    ...optional(unknown > 0, { state: 'no-data', text: `${unknown} of ${all} have no fix that could be measured` }),
    ...(largest === null || fixes < 2
      ? []
      : [
          {
            state: null,
            text: `largest: ${largest.what}, ${many(largest.lines, 'line')} in ${many(largest.files, 'file')}`,
          },
        ]),
    ...optional(shared.length > 0, {
      state: 'needs-you',
      text: `several touch ${shared.slice(0, 3).join(', ')}${some}: their picks may conflict`,
    }),
    ...optional(takenBack.length > 0, { state: 'failing', text: `main took back ${takenBack.join(', ')}` }),
    revertRow(reverts, release),
  ];
}

function revertRow(reverts: Observed<number>, release: string): BriefRow {
  if (!reverts.known) return { state: 'no-data', text: `reverts: ${reverts.reason}` };
  if (reverts.value === 0) return { state: 'pass', text: 'no revert of main is owed' };
  return {
    state: 'failing',
    text: `${many(reverts.value, 'revert')} of main owed: signalbox pick reverts ${release}`,
  };
}

function owedRows({ owed, release }: Brief): readonly BriefRow[] {
  if (!owed.known) return [{ state: 'no-data', text: owed.reason }];
  const { owed: picks, unread } = owed.value;
  const authors = [...new Set(picks.map(({ author }) => (author === null ? 'unknown' : `@${author}`)))];
  const names = authors.slice(0, MOST).join(', ');
  return [
    ...(unread.length === 0
      ? []
      : [
          {
            state: 'no-data' as const,
            text: `not known of ${unread.map(({ repo }) => repo).join(', ')}: signalbox patch owed ${release}`,
          },
        ]),
    picks.length === 0
      ? { state: unread.length === 0 ? 'pass' : 'no-data', text: 'nobody owes a pick in what could be read' }
      : { state: 'needs-you', text: `${many(picks.length, 'pick')} not posted: ${names}` },
  ];
}

function dateRows({ dates }: Brief): readonly BriefRow[] {
  if (dates.are === 'none') return [{ state: 'no-data', text: dates.why }];
  const { day, phases } = dates.schedule;
  const by = dates.are === 'decided' ? `decided by @${dates.schedule.by}` : 'proposed, decided by nobody';
  return [
    ...phases
      .filter(({ from, to }) => from !== to)
      .map(({ id, from, to }): BriefRow => ({ state: null, text: `${from} to ${to}: ${id}` })),
    { state: dates.are === 'decided' ? 'pass' : 'needs-you', text: `${day}: release (${by})` },
    ...(dates.are === 'proposed' ? dates.warnings : []).map((text): BriefRow => ({ state: 'needs-you', text })),
  ];
}
