import { ChangeView } from '../../api/views/change.ts';
import type { App } from '../../app/app.ts';
import { changeRows, type AskedPick } from '../../app/change-rows.ts';
import { findChange, seenPull } from '../../app/history.ts';
import { picksUntil, showPick } from '../../app/picks.ts';
import { repoNamed } from '../../app/planned.ts';
import { listReleases } from '../../app/releases.ts';
import { observe, type Observed } from '../../domain/observation.ts';
import type { RepoKey } from '../../domain/repo.ts';
import { refuse, succeed } from '../../domain/result.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { changeDoc } from '../../web/pages/change.ts';
import { pageOf, type PageInput } from '../page.ts';
import { pickView } from './pick-view.ts';
import { windowView } from './picks.ts';

/** Where a change is, and what was asked for and decided about it. */
export const changePage = pageOf<ChangeView>({
  name: 'change',
  path: '/pr/:repo/:number',
  summary: 'Where a change is: main, every line, candidate and release; its picks with decision, conflict, checks',
  schema: ChangeView,
  reads: [],
  budget: 30_000,
  read: async ({ app, params }: PageInput) => {
    const repo = repoNamed(app, params['repo'] ?? '');
    if (!repo.ok) return repo;
    const typed = params['number'] ?? '';
    if (!/^[1-9]\d{0,6}$/u.test(typed))
      return refuse({
        kind: 'usage',
        code: 'not-a-pull-request',
        text: `"${typed.slice(0, 60)}" is no pull request. Give its number, for example /pr/${repo.value}/158112.`,
      });
    const number = Number(typed);
    const now = app.clock.now();
    const targets = await targetsOf(app, repo.value);
    const [pull, picks, found] = await Promise.all([
      seenPull(app, repo.value, number),
      observe('ledger and forge', now, () => picksOf(app, repo.value, number, targets)),
      foundIn(app, repo.value, number),
    ]);
    const asked = picks.known ? picks.value : [];
    const view: ChangeView = {
      repo: repo.value,
      number,
      pull:
        pull === null
          ? null
          : { title: pull.title, author: pull.author, state: pull.state, base: pull.base, link: pull.link },
      commits: (found.known ? found.value : []).map((change) => ({
        id: change.commit.id,
        title: change.commit.title,
        takenBack: change.takenBack,
        rows: [...changeRows({ repo: repo.value, change, picks: asked, pull }, { now, onlyStable: false })],
      })),
      unread: found.known ? null : found.reason,
      picks: asked.map(({ pick }) => pickView(pick)),
      picksUnread: picks.known ? null : picks.reason,
      targets: [...targets],
      classes: Object.entries(app.loaded.train.picks.classes).map(([name, { title, criterion }]) => ({
        name,
        title,
        criterion,
      })),
    };
    return succeed({ view, asOf: found.at, stale: !found.known || !picks.known });
  },
  doc: changeDoc,
});

type Target = ChangeView['targets'][number];

async function targetsOf(app: App, repo: RepoKey): Promise<readonly Target[]> {
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  return live.flatMap(({ release }) =>
    reposOf(app.loaded.train, release)
      .filter(({ key }) => key === repo)
      .map(({ branch }) => ({
        release,
        branch,
        window: windowView(app, release),
        closesAt: picksUntil(app, release),
      })),
  );
}

async function picksOf(app: App, repo: RepoKey, pr: number, targets: readonly Target[]): Promise<readonly AskedPick[]> {
  const picks: AskedPick[] = [];
  for (const onto of new Set(targets.map(({ branch }) => branch))) {
    // Refused: nobody asked for it there.
    const pick = await showPick(app, { repo, pr, onto });
    if (pick.ok) picks.push({ pick: pick.value, until: picksUntil(app, pick.value.record.release) });
  }
  return picks;
}

type Changes = Extract<
  Extract<Awaited<ReturnType<typeof findChange>>, { readonly ok: true }>['value'][number]['found'],
  { readonly known: true }
>['value']['changes'];

/** The commits of one repository's main that are the pull request; those that only close an issue of the number are others. */
async function foundIn(app: App, repo: RepoKey, number: number): Promise<Observed<Changes>> {
  const slug = app.loaded.train.repos[repo]?.slug;
  const now = app.clock.now();
  const nothing = {
    known: false,
    at: now,
    source: 'git',
    reason: 'the repository has no remote that could be read',
  } as const;
  const answer = await findChange(app, slug === undefined ? String(number) : `${slug}#${number}`);
  if (!answer.ok) return { ...nothing, reason: answer.problems[0].text };
  const report = answer.value.find((each) => each.repo === repo);
  if (report === undefined) return nothing;
  return report.found.known
    ? { ...report.found, value: report.found.value.changes.filter(({ commit }) => commit.pull === number) }
    : report.found;
}
