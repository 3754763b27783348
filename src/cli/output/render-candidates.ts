import type { RepoReport } from '../../app/history.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import type { Difference, DifferenceCommit } from './history-views.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { unreadLines, unreadOf } from './reports.ts';
import { many, titleOf } from '../../domain/words.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';

export interface CandidatesShow {
  readonly from: string;
  readonly to: string;
  readonly asOf: Instant;
  readonly reports: readonly RepoReport<Difference>[];
  /** Every commit, not only the newest of each repository. */
  readonly all: boolean;
}

const MOST = 8;

/** What the second candidate has that the first lacks, by repository; what it lacks comes first of all, because it should be nothing. */
export function renderCandidates({ from, to, asOf, reports, all }: CandidatesShow, room: Room): readonly Line[] {
  const read = reports.flatMap(({ repo, found }) => (found.known ? [{ repo, found: found.value }] : []));
  const without = read.flatMap(({ repo, found }) => (found === null ? [repo] : []));
  const same = read.flatMap(({ repo, found }) => (found !== null && found.from === found.to ? [repo] : []));
  const differing = read.flatMap(({ repo, found }) =>
    found !== null && found.from !== found.to ? [{ repo, found }] : [],
  );
  const cut = differing.some(({ found }) => found.added.length > MOST) && !all;
  return [
    ...spread(line(span(`${from} to ${to}`, 'strong')), freshness(asOf, room.now), room.width),
    ...differing.flatMap(({ repo, found }) => [BLANK, ...repoLines(repo, found, all, room)]),
    ...(same.length === 0 ? [] : [BLANK, ...paragraph(line(`Same commit: ${same.join(', ')}`), room.width, 0, 2)]),
    ...(without.length === 0
      ? []
      : [BLANK, ...paragraph(line(`Without both tags: ${without.join(', ')}`), room.width, 0, 2)]),
    ...(read.length === reports.length ? [] : [BLANK, ...unreadLines(unreadOf(reports), room.width)]),
    BLANK,
    ...(cut ? [line(`More: signalbox diff ${from} ${to} --all`)] : []),
    ...paragraph(summary(differing, read.length < reports.length), room.width, 0, 2),
  ];
}

function summary(differing: readonly { readonly repo: string; readonly found: Difference }[], isPart: boolean): Line {
  const lost = differing.filter(({ found }) => found.removed.length > 0).map(({ repo }) => repo);
  const added = differing.reduce((sum, { found }) => sum + found.added.length, 0);
  const text = `${many(added, 'commit')} in ${differing.length === 1 ? '1 repository' : `${differing.length} repositories`}`;
  if (lost.length === 0 && isPart)
    return line(shape('no-data'), ` ${text}; whether anything was lost where nothing could be read is not known.`);
  return lost.length === 0
    ? line(shape('pass'), ` ${text}; nothing was lost.`)
    : line(shape('failing'), ` ${text}; what the first has is missing in ${lost.join(', ')}.`);
}

function repoLines(repo: string, found: Difference, all: boolean, room: Room): readonly Line[] {
  const head = line(span(repo, 'strong'), `  ${shortId(found.from)} to ${shortId(found.to)}, ${countText(found)}`);
  const shown = all ? found.added : found.added.slice(0, MOST);
  const more = found.added.length - shown.length;
  return [
    ...paragraph(head, room.width, 0, 2),
    ...(found.removed.length === 0
      ? []
      : [
          ...paragraph(
            line(shape('failing'), ` ${many(found.removed.length, 'commit')} of the first are not in the second:`),
            room.width,
            2,
            2,
          ),
          ...commitTable(found.removed, found, room, 4),
        ]),
    ...commitTable(shown, found, room, 2),
    ...(more === 0 ? [] : [line(`  ... ${more} more`)]),
  ];
}

/** `8 commits: 6 exact, 1 release-only, 1 revert-of-mains`. */
function countText({ added }: Difference): string {
  const counts = new Map<string, number>();
  for (const commit of added) counts.set(classOf(commit), (counts.get(classOf(commit)) ?? 0) + 1);
  const classes = [...counts]
    .toSorted(([, left], [, right]) => right - left)
    .map(([name, count]) => `${count} ${name}`);
  return `${many(added.length, 'commit')}${classes.length === 0 ? '' : `: ${classes.join(', ')}`}`;
}

/** What a commit is on its line; `main` when it came from there without a pick. */
export function classOf({ line: known }: DifferenceCommit): string {
  return known === null ? 'main' : known.class;
}

function commitTable(
  commits: readonly DifferenceCommit[],
  { cancelled }: Difference,
  room: Room,
  indent: number,
): readonly Line[] {
  if (commits.length === 0) return [];
  return table({
    columns: [{ title: '', whole: true }, { title: '', whole: true }, { title: '' }, { title: '', optional: true }],
    rows: commits.map((commit) => [
      line(commit.pull === null ? shortId(commit.id) : `#${commit.pull}`),
      line(classOf(commit)),
      line(titleOf(commit)),
      line(span(cancelled.includes(commit.id) ? 'cancels out' : (commit.line?.confidence ?? ''), 'mute')),
    ]),
    width: room.width,
    indent,
  });
}
