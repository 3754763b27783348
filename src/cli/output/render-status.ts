import type { ReleaseStatus } from '../../app/status.ts';
import { phaseText, repoStates, type RepoState } from '../../app/status-words.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { plannedDayText } from '../../domain/train/planned-day.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { countClosed } from '../../domain/gate-text.ts';
import { freshness } from './render-gates.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';
import { clockTime } from '../../domain/time-text.ts';

/** Where a release stands: phase, branch, what is next, every repository, and whether it is ready. */
export function renderStatus(status: ReleaseStatus, asOf: Instant, room: Room): readonly Line[] {
  const states = repoStates(status);
  const field = (name: string, text: string): readonly Line[] =>
    paragraph(line(`  ${name.padEnd(9)}${text}`), room.width, 0, 11);
  return [
    ...spread(line(span(status.title, 'strong')), freshness(asOf, room.now), room.width),
    ...field('Phase', phaseText(status, states)),
    ...branchField(status, states).flatMap((text) => field('Branch', text)),
    ...finalField(status, room.now).flatMap((text) => field('Final', text)),
    ...decided(status.abandoned, room.now).flatMap((text) => field('Given up', text)),
    ...decided(status.freeze, room.now).flatMap((text) => field('Frozen', text)),
    ...(status.next === null ? [] : field('Next', `${status.next.what}: ${status.next.command}`)),
    ...(status.day?.on === undefined ? [] : field('Day', plannedDayText(status.day, room.now))),
    BLANK,
    ...phaseLines(status, room),
    BLANK,
    ...repoTable(states, room),
    ...states.flatMap((repo) =>
      repo.unreadable === null
        ? []
        : paragraph(line(shape('no-data'), ` ${repo.repo}: ${repo.unreadable}`), room.width, 2, 2),
    ),
    BLANK,
    ...verdictLines(status, room),
  ];
}

/** `2.8.0-rc3, marked by @ana 14:02 UTC`, and when other files were recorded of it since. */
function finalField({ final }: ReleaseStatus, now: Instant): readonly string[] {
  if (final === null) return [];
  const changed = final.isCurrent
    ? ''
    : '; other files were recorded of it since: mark it again, or record the first again';
  return [`${final.candidate}, marked by @${final.by} ${clockTime(final.at, now)}${changed}`];
}

/** `by @ana 14:02 UTC: the key leaked`. */
function decided(decision: ReleaseStatus['freeze'], now: Instant): readonly string[] {
  return decision === null ? [] : [`by @${decision.by} ${clockTime(decision.at, now)}: ${decision.reason}`];
}

function branchField(status: ReleaseStatus, states: readonly RepoState[]): readonly string[] {
  const core = status.repos.findIndex(({ repo }) => repo.entry.role === 'core');
  const state = states[core];
  if (state === undefined) return [];
  const standing = status.repos[core];
  const commit = standing?.refs.known === true ? standing.refs.value.branch : null;
  return [commit === null ? `${state.branch}, not cut yet` : `${state.branch} at ${shortId(commit)}`];
}

/** `✓ Prepare   * Branch cut   o RCs`, on as many lines as the width asks for. */
function phaseLines(status: ReleaseStatus, room: Room): readonly Line[] {
  const lines: Line[] = [];
  let current: Line = [span('  ')];
  let columns = 2;
  for (const { phase, state } of status.phases) {
    const width = phase.length + 2;
    if (columns + width > room.width && columns > 2) {
      lines.push(current);
      current = [span('  ')];
      columns = 2;
    }
    current = [...current, shape(state), span(` ${phase}   `)];
    columns += width + 3;
  }
  return [...lines, current];
}

function repoTable(states: readonly RepoState[], room: Room): readonly Line[] {
  const rows = states.map((repo) => [
    line(span(repo.repo, 'strong')),
    line(repo.branch),
    line(repo.candidate === null ? span('none', 'mute') : `v${repo.candidate}`),
    line(shape(repo.ci.state), ` ${repo.ci.text}`),
    line(repo.owners.map((owner) => `@${owner}`).join(' ')),
  ]);
  const columns = [
    { title: 'REPO', whole: true },
    { title: 'BRANCH', whole: true },
    { title: 'LAST RC', whole: true },
    { title: 'CI' },
    { title: 'OWNER', optional: true },
  ];
  return table({ columns, rows, width: room.width, indent: 2 });
}

function verdictLines(status: ReleaseStatus, room: Room): readonly Line[] {
  if (status.abandoned !== null)
    return [line(shape('failing'), ` ${status.release} was abandoned: nothing is done with it.`)];
  if (status.next === null && status.blocking.length === 0)
    return [line(shape('pass'), ' Nothing is left to do here.')];
  const what = status.next?.what ?? 'what is left';
  if (status.next !== null && status.blocking.length === 0)
    return [
      ...paragraph(line(shape('pass'), ` Ready for ${what}.`), room.width, 0, 2),
      line(`  Do: ${status.next.command}`),
    ];
  return [
    ...paragraph(line(shape('failing'), ` Not ready for ${what}: ${countClosed(status.blocking)}.`), room.width, 0, 2),
    line(`  See: signalbox blockers ${status.release}`),
  ];
}
