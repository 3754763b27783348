import { dateOf } from '../../domain/instant.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { fillText, reposOf } from '../../domain/train/naming.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import type { Forge, ForgeItem } from '../../ports/forge.ts';
import { deadlinesOf } from '../../process/01-plan/index.ts';
import { explainTracker, trackerBody, windowAt, type TrackerView } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { missingPicks } from '../history.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { releaseStatus, type ReleaseStatus } from '../status.ts';
import { owedReverts } from './settled.ts';
import { standingPicks } from './standing.ts';
import { phaseEnds } from './targets.ts';

/** What came of looking after a tracker. */
export interface SyncedTracker {
  readonly number: number;
  readonly link: string;
  /** False when it said already what it has to say. */
  readonly changed: boolean;
}

/**
 * Renders the tracker of a release afresh. Only an issue with the marker, written by somebody the train trusts, is touched (incident: a fake tracker);
 * what people wrote below the end marker stays.
 */
export async function syncTracker(app: App, release: ReleaseVersion): Promise<Result<SyncedTracker, AppProblem>> {
  const core = reposOf(app.loaded.train, release).find(({ entry }) => entry.role === 'core');
  const { forge } = app;
  const slug = core?.entry.slug;
  if (forge === null || core === undefined || slug === undefined) {
    return refuse({
      kind: 'usage',
      code: 'no-forge',
      text: 'The train names no core repository on a forge, so it has no tracker.',
    });
  }
  const marker = `signalbox:tracker ${release}`;
  const trusted = [await app.who(), ...app.loaded.train.roles['release-manager']];
  const found = (await forge.issues.findByMarker(slug, marker)).filter(({ author }) => trusted.includes(author));
  const [tracker, second] = found.filter(({ open }) => open);
  if (tracker === undefined) {
    return refuse({
      kind: 'refused',
      code: 'no-tracker',
      text: `${release} has no open tracker. It is opened with the cut: signalbox branch cut ${release}`,
    });
  }
  if (second !== undefined) {
    const text = `${release} has two open trackers, #${tracker.number} and #${second.number}. Close one of them; nothing was written.`;
    return refuse({ kind: 'conflict', code: 'two-trackers', text });
  }
  return write(app, forge, { tracker, slug, release });
}

interface Writing {
  readonly tracker: ForgeItem;
  readonly slug: Parameters<Forge['items']['edit']>[0];
  readonly release: ReleaseVersion;
}

async function write(
  app: App,
  forge: Forge,
  { tracker, slug, release }: Writing,
): Promise<Result<SyncedTracker, AppProblem>> {
  const body = trackerBody(await viewOf(app, forge, { slug, release }), tracker.body);
  if (!body.ok) return refuse({ kind: 'refused', code: 'tracker-full', text: explainTracker(body.problems[0]) });
  const changed = withoutSequence(body.value) !== withoutSequence(tracker.body);
  if (changed) await forge.items.edit(slug, tracker.number, { body: body.value });
  return succeed({ number: tracker.number, link: tracker.link, changed });
}

/** A body that differs only in the moment it was made is the same body. */
function withoutSequence(body: string): string {
  return body
    .replaceAll(/\bseq=\d+/g, '')
    .replaceAll('\r\n', '\n')
    .trim();
}

async function viewOf(app: App, forge: Forge, { slug, release }: Omit<Writing, 'tracker'>): Promise<TrackerView> {
  const { train } = app.loaded;
  const now = app.clock.now();
  const [status, picks, reverts, missing, entries, milestone] = await Promise.all([
    releaseStatus(app, release),
    standingPicks(app, release),
    owedReverts(app, release),
    missingPicks(app, release),
    entriesOf(app),
    forge.milestones.find(slug, fillText(train.milestone, { release })),
  ]);
  const items = milestone === null ? [] : await forge.milestones.items(slug, milestone.number, 'all');
  const wanted = missing.flatMap(({ found }) => (found.known ? (found.value ?? []) : []));
  const absent = wanted
    .filter(({ verdict }) => verdict === 'missing' || verdict === 'partial')
    .map(({ item }) => item.number);
  return {
    train,
    release,
    seq: entries.at(-1)?.seq ?? 0,
    window: windowAt(train, release, phaseEnds(app, release, now), now),
    candidates: await candidatesOf(app, status),
    blocking: status.blocking,
    dates: deadlinesOf(train.calendar, lineOf(release), now).flatMap((one) =>
      one.known ? [{ id: one.id, on: dateOf(one.due), passed: one.passed, was: null }] : [],
    ),
    picks,
    reverts,
    missing: items.filter(({ number }) => absent.includes(number)),
    milestone: items,
    now,
  };
}

/** Core's candidates, newest first, each with the day of the commit it names. */
async function candidatesOf(app: App, { repos }: ReleaseStatus): Promise<TrackerView['candidates']> {
  const core = repos.find(({ repo }) => repo.entry.role === 'core');
  const remote = core?.repo.remote ?? null;
  if (core === undefined || remote === null || !core.refs.known) return [];
  const at = { repo: core.repo.key, remote };
  return Promise.all(
    core.refs.value.candidates.map(async ({ candidate, commit }) => {
      const { commits } = await app.git.log(at, { from: null, to: commit, limit: 1 });
      return { candidate, on: commits[0] === undefined ? '' : dateOf(commits[0].committedAt) };
    }),
  );
}
