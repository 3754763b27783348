import type { RepoStanding } from '../../app/standing.ts';
import type { ReleaseStatus } from '../../app/status.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Job } from '../../domain/jobs.ts';
import { dateText, dayOf, monthText } from '../../domain/month.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { countClosed, freshness } from './render-gates.ts';
import { shape, type State } from './shapes.ts';
import { table } from './table.ts';
import { ago, clockTime, dueDay, weekdayText } from '../../domain/time-text.ts';

/** One repository of a release in the words of the table. */
export interface RepoState {
  readonly repo: string;
  readonly branch: string;
  readonly commit: string | null;
  readonly candidate: string | null;
  readonly ci: { readonly state: State; readonly text: string };
  readonly owners: readonly string[];
  /** Why the repository could not be read; null when it was. */
  readonly unreadable: string | null;
}

export function repoStates(status: ReleaseStatus): readonly RepoState[] {
  return status.repos.map((standing) => {
    const { repo, refs } = standing;
    return {
      repo: repo.key,
      branch: repo.branch,
      commit: refs.known ? refs.value.branch : null,
      candidate: refs.known ? (refs.value.candidates[0]?.candidate ?? null) : null,
      ci: ciOf(standing, status.at),
      owners: repo.entry.owners,
      unreadable: refs.known ? null : refs.reason,
    };
  });
}

function ciOf({ refs, jobs }: RepoStanding, now: Instant): RepoState['ci'] {
  if (!refs.known) return { state: 'no-data', text: `no data ${ago(refs.at, now)}` };
  if (refs.value.branch === null) return { state: 'queued', text: 'not cut' };
  if (jobs === null) return { state: 'skipped', text: 'no forge' };
  if (!jobs.known) return { state: 'no-data', text: 'no data' };
  const counted = jobs.value.filter((job) => job.state !== 'skipped');
  if (counted.length === 0) return { state: 'no-data', text: 'no jobs' };
  const is = (...states: readonly Job['state'][]): number => counted.filter((job) => states.includes(job.state)).length;
  const text = `${is('green')}/${counted.length}`;
  if (is('red', 'cancelled') > 0) return { state: 'failing', text };
  if (is('needs-action') > 0) return { state: 'needs-you', text };
  if (is('running') > 0) return { state: 'running', text };
  return { state: is('queued') > 0 ? 'queued' : 'pass', text };
}

/** `Wed 30 Jul, in 18 d (moved once: 14 Jul 2025 to 30 Jul 2025)`; a month where the day is not known yet. */
function dayField({ day }: ReleaseStatus, now: Instant): readonly string[] {
  if (day?.on === undefined) return [];
  const exact = dayOf(day.on);
  const when = exact === null ? monthText(day.on) : `${weekdayText(exact, now)}, ${dueDay(exact, now)}`;
  const last = day.moved.at(-1);
  const times = day.moved.length === 1 ? 'moved once' : `moved ${day.moved.length} times`;
  const moved = last === undefined ? '' : ` (${times}: ${dateText(last.from)} to ${dateText(last.to)})`;
  return [`${when}${day.state === 'tentative' ? ', tentative' : ''}${moved}`];
}

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
    ...dayField(status, room.now).flatMap((text) => field('Day', text)),
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

function phaseText(status: ReleaseStatus, states: readonly RepoState[]): string {
  const current =
    status.phases.findLast(({ state }) => state === 'running') ?? status.phases.find(({ state }) => state !== 'pass');
  const newest = states.find((repo) => repo.candidate !== null)?.candidate;
  const words = {
    Prepare: 'prepare',
    'Branch cut': 'branch cut',
    RCs: 'release candidates',
    'Final RC': 'final RC',
    Promote: 'promote',
    'Release day': 'release day',
  } as const;
  const name = current === undefined ? 'done' : words[current.phase];
  return newest === undefined || newest === null ? name : `${name}, rc${newest.split('-rc')[1] ?? ''}`;
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
