import { code, inline } from '../render/escape.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { Train } from '../../../domain/train/train.ts';
import { trackerMarker } from './found.ts';
import { firstSections, headLines, sectionsOf, type Section, type TrackerView } from './sections.ts';

/** What the forge takes as the body of an issue, in characters. */
const FORGE_LIMIT = 65_536;
/** Characters of a tracker: people need room below, also with an editor open since before. */
export const TRACKER_LIMIT = 60_000;
/** What people wrote is never cut; this much must be left for what is rendered. */
const LEAST = 10_000;

const END = '<!-- signalbox:end -->';
const BELOW = `${END} Text below this line is yours and never touched.`;

function trackerMarkerLine(release: ReleaseVersion): string {
  return `<!-- ${trackerMarker(release)} -->`;
}

/** The body cannot be written without losing what people wrote. */
export interface TrackerProblem {
  readonly code: 'no-room';
  readonly humanCharacters: number;
  readonly limit: number;
}

export function explainTracker(problem: TrackerProblem): string {
  return `The text that people wrote in the tracker has ${problem.humanCharacters} characters; with ${LEAST} for what is rendered that is more than ${problem.limit}. Move some of it to a comment.`;
}

/**
 * The new body of a tracker. From the marker to the end marker everything is rendered afresh; what people wrote above the first or below the last is
 * kept as it is, also what stood in a body that has no end marker yet.
 */
export function trackerBody(view: TrackerView, existing: string | null): Result<string, TrackerProblem> {
  const { above, below } = humanText(existing ?? '', trackerMarkerLine(view.release));
  const human = above.length + below.length;
  if (human + LEAST > TRACKER_LIMIT) return refuse({ code: 'no-room', humanCharacters: human, limit: TRACKER_LIMIT });
  const rendered = renderWithin(view, TRACKER_LIMIT - human);
  return succeed(`${above}${rendered}${below}`);
}

/** The body that a tracker is opened with; the first look after it puts in how things stand. */
export function firstBody(train: Train, release: ReleaseVersion): string {
  return [
    trackerMarkerLine(release),
    `${inline(train.title)} ${release}: how things stand is filled in by ${code(`signalbox tracker sync ${release}`)}; the bot does it by itself.`,
    '',
    ...firstSections(train, release).flatMap((section) => sectionLines(section, section.rows.length)),
    BELOW,
    '',
  ].join('\n');
}

interface HumanText {
  readonly above: string;
  readonly below: string;
}

function humanText(existing: string, marker: string): HumanText {
  const own = existing.indexOf(marker);
  // The second line is ours as well, where somebody took the first one away.
  const start = own === -1 ? existing.search(/<!-- signalbox:seq \d+ -->/) : own;
  if (start === -1) return { above: '', below: existing.trim() === '' ? '\n' : `\n\n${existing.trim()}\n` };
  const end = existing.indexOf(END, start);
  const above = existing.slice(0, start);
  if (end === -1) {
    const rest = existing.slice(start).replace(marker, '').trim();
    return { above, below: rest === '' ? '\n' : `\n\n${rest}\n` };
  }
  const after = existing.slice(end);
  const line = after.startsWith(BELOW) ? BELOW.length : END.length;
  return { above, below: after.slice(line) };
}

/** Which sections give up rows first: those that are kept less than this, then more and more of them. */
const SPARED = [2, 3, 5, 6, 9, 10] as const;

function renderWithin(view: TrackerView, limit: number): string {
  const sections = sectionsOf(view);
  const top = [trackerMarkerLine(view.release), `<!-- signalbox:seq ${view.seq} -->`, ...headLines(view), ''];
  const longest = Math.max(...sections.map(({ rows }) => rows.length));
  const renderAt = (spared: number, most: number): string => {
    const body = sections.flatMap((section) =>
      sectionLines(section, section.keep < spared ? most : section.rows.length),
    );
    return [...top, ...body, BELOW].join('\n');
  };
  const whole = renderAt(0, 0);
  if (whole.length <= limit) return whole;
  const spared = SPARED.find((keep) => renderAt(keep, 0).length <= limit);
  if (spared === undefined) return renderAt(10, 0);
  // As many rows as there is room for, the same number in each section that is shortened.
  let [fits, exceeds] = [0, longest];
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (renderAt(spared, middle).length <= limit) fits = middle;
    else exceeds = middle;
  }
  return renderAt(spared, fits);
}

function sectionLines(section: Section, most: number): readonly string[] {
  const { head, before, rows, folded, whole } = section;
  const shown = rows.slice(0, most);
  const more = rows.length - shown.length;
  const table = shown.length === 0 ? [] : [...before, ...shown];
  const rest =
    more === 0
      ? []
      : [
          ...(table.length === 0 ? [] : ['']),
          `and ${more} more, cut since the forge takes ${FORGE_LIMIT} characters; all of it: ${whole}`,
        ];
  const lines = [...table, ...rest];
  if (lines.length === 0) return [`## ${head}`, ''];
  return folded
    ? [`## ${head}`, '<details><summary>show</summary>', '', ...lines, '', '</details>', '']
    : [`## ${head}`, ...lines, ''];
}
