import { monthText } from '../../domain/month.ts';
import type { Calendar, CadenceLine, PlannedDate } from '../../domain/train/calendar.ts';
import { compareVersions, Line, releaseOn, type ReleaseVersion } from '../../domain/version.ts';
import { markdownTable } from './markdown-table.ts';

/** One date of a release, as the cadence plans it. */
export interface CadenceDate {
  readonly line: Line;
  /** `cut`, or the release that comes out. */
  readonly what: 'cut' | 'release' | 'patch';
  /** The release that comes out; for the cut, the minor release it is for. */
  readonly release: ReleaseVersion;
  readonly date: PlannedDate;
}

/** Lines of the cadence, oldest first. */
function cadenceLines(calendar: Calendar): readonly (readonly [Line, CadenceLine])[] {
  return Object.entries(calendar.cadence)
    .map(([line, dates]) => [Line.parse(line), dates] as const)
    .toSorted(([left], [right]) => compareVersions(left, right));
}

/** Every date of the given line, or of all of them, in the order of the process. */
export function cadenceDates(calendar: Calendar, only?: Line): readonly CadenceDate[] {
  return cadenceLines(calendar).flatMap(([line, { cut, release, patches }]): readonly CadenceDate[] => {
    if (only !== undefined && only !== line) return [];
    const minor = releaseOn(line, 0);
    return [
      { line, what: 'cut', release: minor, date: cut },
      { line, what: 'release', release: minor, date: release },
      ...patches.map((date, index) => ({ line, what: 'patch' as const, release: releaseOn(line, index + 1), date })),
    ];
  });
}

const ORDINALS = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth'] as const;

/** The cadence as the Markdown table of the release documents. */
export function cadenceMarkdown(calendar: Calendar): string {
  const lines = cadenceLines(calendar);
  const patches = Math.max(0, ...lines.map(([, dates]) => dates.patches.length));
  const patchHeads = Array.from(
    { length: patches },
    (_, index) => `${ORDINALS[index] ?? `${index + 1}th`} patch release date`,
  );
  return markdownTable(
    [calendar.head, 'Release branch cut', 'Release date', ...patchHeads],
    lines.map(([line, dates]) => [
      line,
      plannedText(dates.cut),
      plannedText(dates.release),
      ...patchHeads.map((_, index) => plannedText(dates.patches[index])),
    ]),
  );
}

/** `Jul 2025`, `(Aug 2025)` when tentative, `Not planned`; empty for a date nobody spoke of. */
export function plannedText(date: PlannedDate | undefined): string {
  if (date === undefined) return '';
  if (date.on === undefined) return 'Not planned';
  const text = date.shown ?? monthText(date.on);
  return date.state === 'tentative' ? `(${text})` : text;
}
