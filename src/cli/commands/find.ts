import type { App } from '../../app/app.ts';
import { findChange, pullsNotOnMain, seenPull } from '../../app/history.ts';
import { picksUntil, showPick } from '../../app/picks.ts';
import { listReleases } from '../../app/releases.ts';
import { observe, type Observed } from '../../domain/observation.ts';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import type { OnLine } from '../output/history-views.ts';
import type { AskedPick, ShownChange } from '../../app/change-rows.ts';
import { renderFound, type FoundShow } from '../output/render-found.ts';
import { oldestReport, unreadOf } from '../output/reports.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const asked = session.required('CHANGE');
  session.progress.doing(`Looking for ${asked} ...`);
  const app = await session.app();
  const findings = valueOf(await findChange(app, asked));
  const read = findings.flatMap(({ repo, found }) => (found.known ? [{ ...found.value, repo }] : []));
  const changes = read.flatMap(({ repo, changes: all }) =>
    all.map((change) => ({ repo, change, picks: [], pull: null })),
  );
  const isGitOnly = session.flags.has('git-only');
  const withPicks = isGitOnly ? known(changes) : await picksFor(session, app, changes);
  const told = withPicks.known ? withPicks.value : changes;
  const show: FoundShow = {
    asked,
    asOf: oldestReport(findings, app.clock.now()),
    changes: isGitOnly ? told : await withPeople(app, told),
    lineCommits: read.flatMap(({ repo, lineCommits }) => lineCommits.map((each) => ({ repo, ...each }))),
    unread: unreadOf(findings),
    picksUnread: withPicks.known ? null : withPicks.reason,
    notOnMain:
      isGitOnly || told.length > 0
        ? []
        : await pullsNotOnMain(
            app,
            asked,
            findings.map(({ repo }) => repo),
          ),
    onlyStable: session.flags.has('stable'),
  };
  return {
    schema: 'find',
    asOf: show.asOf,
    stale: show.unread.length > 0 || !withPicks.known,
    exit: exitOf(show),
    data: {
      asked,
      changes: show.changes.map(({ repo, change, picks, pull }) => ({
        repo,
        ...change,
        picks: picks.map(({ pick }) => pick),
        pull,
      })),
      notOnMain: show.notOnMain,
      lineCommits: show.lineCommits,
      unread: show.unread,
    },
    records: recordsOf(show),
    lines: (room) => renderFound(show, room),
  };
}

/** A part that could not be read leaves the answer open, even where something was found. */
function exitOf({ unread, changes, lineCommits }: FoundShow): ExitCode {
  if (unread.length > 0) return exitCode('stale');
  return exitCode(changes.length + lineCommits.length === 0 ? 'blocked' : 'done');
}

type Found = { readonly known: true; readonly value: readonly ShownChange[] };

function known(value: readonly ShownChange[]): Found {
  return { known: true, value };
}

const MOST_LINES = 3;

/** What was asked for where a branch lacks the change. The ledger is opened only then: what git knows needs none. */
async function picksFor(
  session: Session,
  app: App,
  changes: readonly ShownChange[],
): Promise<Observed<readonly ShownChange[]> | Found> {
  if (changes.every(({ change }) => change.commit.pull === null || lackingIn(change.lines).length === 0))
    return known(changes);
  session.progress.doing('Reading what was asked for ...');
  return observe('ledger', app.clock.now(), async () => {
    const live = (await listReleases(app)).filter(({ closed }) => closed === null);
    if (live.length === 0) return changes;
    const shown: ShownChange[] = [];
    for (const each of changes) shown.push({ ...each, picks: await picksOf(app, each) });
    return shown;
  });
}

async function picksOf(app: App, { repo, change }: ShownChange): Promise<readonly AskedPick[]> {
  const { pull } = change.commit;
  if (pull === null) return [];
  const picks: AskedPick[] = [];
  for (const { branch } of lackingIn(change.lines)) {
    // Refused: nobody asked for it there, or the branch takes no picks.
    const pick = await showPick(app, { repo, pr: pull, onto: branch });
    if (pick.ok) picks.push({ pick: pick.value, until: picksUntil(app, pick.value.record.release) });
  }
  return picks;
}

const MOST_ASKED = 3;

/** The forge is asked who wrote the first few; without an answer git's is enough. */
async function withPeople(app: App, changes: readonly ShownChange[]): Promise<readonly ShownChange[]> {
  return Promise.all(
    changes.map(async (each, index) => {
      const { pull } = each.change.commit;
      return pull === null || index >= MOST_ASKED ? each : { ...each, pull: await seenPull(app, each.repo, pull) };
    }),
  );
}

/** The newest lines that lack a change and may have been asked for it. */
function lackingIn(lines: readonly OnLine[]): readonly OnLine[] {
  return lines
    .filter(({ standing: { kind } }) => kind === 'missing' || kind === 'unsure' || kind === 'taken-back')
    .slice(0, MOST_LINES);
}

/** One record for main and one for each line: repository, commit, pull request, place, whether and how it is there, since which versions. */
function recordsOf({ changes, lineCommits }: FoundShow): readonly (readonly string[])[] {
  return [
    ...changes.flatMap(({ repo, change, picks }) => {
      const { commit, lines } = change;
      const of = [repo, commit.id, commit.pull === null ? '' : String(commit.pull)];
      return [
        [...of, 'main', change.takenBack === null ? 'on-main' : 'taken-back', '', '', ''],
        ...lines.map(({ branch, standing, versions }) => {
          const by = standing.kind === 'on-line' ? standing.by.id : '';
          const sure = standing.kind === 'on-line' ? standing.counterpart.confidence : '';
          const pick = picks.find(({ pick: { record } }) => record.pick.onto === branch)?.pick.state ?? '';
          return [...of, branch, standing.kind, by, sure, versions.toReversed().join(','), pick];
        }),
      ];
    }),
    ...lineCommits.map(({ repo, branch, commit }) => [
      repo,
      commit.id,
      commit.pull === null ? '' : String(commit.pull),
      branch,
      commit.class,
      commit.id,
      commit.confidence,
      '',
    ]),
  ];
}
