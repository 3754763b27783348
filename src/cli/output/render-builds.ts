import type { BuildView, RepoBuildView } from '../../app/builds/candidate-builds.ts';
import { epochMillis, type Instant } from '../../domain/instant.ts';
import { clockTime } from '../../domain/time-text.ts';
import { many } from '../../domain/words.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';

/** The builds of a candidate: a paragraph for each repository, what is not green with its link, every cell where all are asked for. */
export function renderBuilds(
  builds: readonly RepoBuildView[],
  { all, candidate }: { readonly all: boolean; readonly candidate: string },
  room: Room,
): readonly Line[] {
  const failing = builds.some(({ builds: found }) => found.known && hasFailing(found.value));
  return [
    ...builds.flatMap((one) => [BLANK, ...repoLines(one, all, room)]),
    ...(failing ? [BLANK, line(`Next: signalbox rc retry ${candidate} --only CELL`)] : []),
  ];
}

function hasFailing({ cells }: BuildView): boolean {
  return cells.some(({ state }) => state === 'failing');
}

function repoLines({ repo, tag, builds }: RepoBuildView, all: boolean, room: Room): readonly Line[] {
  const title = line(span(repo, 'strong'), ` ${tag}`);
  if (!builds.known)
    return [title, ...paragraph(line(shape('no-data'), ` not known: ${builds.reason}`), room.width, 2, 4)];
  const { runs, notCounted, notStarted, cells } = builds.value;
  const shown = cells.filter(({ state }) => all || state !== 'pass');
  return [
    [...title, span(`  ${countText(builds.value)}`)],
    ...runs.flatMap((run) => [
      line(
        `  ${run.workflow}: run ${run.id}${run.attempt > 1 ? `, attempt ${run.attempt}` : ''}, ${run.state}, since ${clockTime(run.startedAt, room.now)}`,
      ),
      line(span(`    ${run.link}`, 'mute')),
    ]),
    ...notStarted.flatMap((path) => paragraph(line(shape('failing'), ` not started: ${path}`), room.width, 2, 4)),
    ...notCounted.flatMap(({ id, path, why }) =>
      paragraph(line(span(`not counted: run ${id} of ${path} ${why}`, 'mute')), room.width, 2, 4),
    ),
    ...cellTable(shown, room),
  ];
}

/** `11 of 12 cells built, 1 after a retry`; of jobs where the train names none for cells. */
function countText({ cells, jobs }: BuildView): string {
  const flaky = jobs.flaky === 0 ? '' : `, ${jobs.flaky} only after a retry`;
  if (cells.length === 0) return `${jobs.green} of ${many(jobs.total, 'job')} green${flaky}`;
  const built = cells.filter(({ state }) => state === 'pass').length;
  return `${built} of ${many(cells.length, 'cell')} built${flaky}`;
}

function cellTable(cells: BuildView['cells'], room: Room): readonly Line[] {
  if (cells.length === 0) return [];
  return table({
    columns: [
      { title: '', whole: true },
      { title: 'CELL', whole: true },
      { title: 'TIME', optional: true },
      { title: 'LINK', whole: true, optional: true },
    ],
    rows: cells.map((cell) => [
      line(shape(cell.state)),
      line(cell.cell),
      line(cell.job === null ? 'no such job' : timeText(cell)),
      line(span(cell.link ?? '', 'mute')),
    ]),
    width: room.width,
    indent: 2,
  });
}

function timeText({ startedAt, finishedAt, attempts }: BuildView['cells'][number]): string {
  const tries = attempts > 1 ? `, attempt ${attempts}` : '';
  if (startedAt === null) return `waits${tries}`;
  if (finishedAt === null) return `runs${tries}`;
  return `${minutesBetween(startedAt, finishedAt)} min${tries}`;
}

function minutesBetween(from: Instant, to: Instant): number {
  return Math.max(0, Math.round((epochMillis(to) - epochMillis(from)) / 60_000));
}
