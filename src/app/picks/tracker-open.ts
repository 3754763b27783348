import { observe, unknown } from '../../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import { patchNumber, type ReleaseVersion } from '../../domain/version.ts';
import type { Forge } from '../../ports/forge.ts';
import {
  decideTrackerOpen,
  explainOpen,
  readTracker,
  recordedTracker,
  type OpenProblem,
  type TrackerRepo,
} from '../../process/06-cherry-pick/index.ts';
import { refuse, type Result } from '../../domain/result.ts';
import type { App } from '../app.ts';
import { judge } from '../judge.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { entriesOf } from '../record.ts';

/** Plans the tracker of a release: the issue in core's repository, and its mirror in every other one that has none yet. */
export async function openTracker(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const { train, digest } = app.loaded;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { forge } = app;
  if (forge === null) {
    const text = explainOpen({ code: 'no-core', release });
    return refuse({ kind: 'usage', code: 'no-core', text });
  }
  const repos = await Promise.all(reposOf(train, release).map((repo) => readOne(app, forge, repo, release)));
  const request = { train, trainDigest: digest, release, author: begun.value.author, login: await app.who() };
  const decided = decideTrackerOpen(repos, request);
  if (!decided.ok) return refuseWith(decided.problems, { explain: explainOpen, kindOf });
  const { gates } = patchNumber(release) === 0 ? { gates: [] } : await judge(app, release, { families: ['go-no-go'] });
  return present(app, decided.value, {
    input,
    gates,
    nothing: `Every repository of ${release} that can have one has its tracker. Bring them up to date: signalbox tracker sync ${release}`,
  });
}

async function readOne(app: App, forge: Forge, repo: RepoInRelease, release: ReleaseVersion): Promise<TrackerRepo> {
  const slug = repo.entry.slug ?? null;
  const now = app.clock.now();
  if (slug === null) return { repo, slug, facts: unknown('the train file gives it no slug', now, repo.key) };
  const number = recordedTracker(await entriesOf(app, release), repo.key, release);
  const facts = await observe(`forge ${slug}`, now, async () => {
    const [tracker, label] = await Promise.all([
      readTracker(forge, slug, { release, number }),
      forge.labels.find(slug, app.loaded.train.tracker.label),
    ]);
    return { ...tracker, labelExists: label !== null };
  });
  return { repo, slug, facts };
}

function kindOf({ code }: OpenProblem): ProblemKind {
  switch (code) {
    case 'no-core':
      return 'usage';
    case 'tracker-closed':
      return 'refused';
    case 'two-trackers':
      return 'conflict';
    case 'tracker-unreadable':
      return 'no-data';
  }
}
