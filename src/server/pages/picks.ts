import { PicksView, type PickWindowView, type UnreadPickView } from '../../api/views/picks.ts';
import type { App } from '../../app/app.ts';
import { decidedReverts, pickWindow, seenPicks, type SeenPick } from '../../app/picks.ts';
import { parseRelease, requireRelease } from '../../app/releases.ts';
import { RepoKey } from '../../domain/repo.ts';
import { succeed } from '../../domain/result.ts';
import { reposOf } from '../../domain/train/naming.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { picksDoc } from '../../web/pages/picks.ts';
import { pageOf } from '../page.ts';
import { pickView } from './pick-view.ts';

/** The picks of a release. What main took back is looked for only where it is asked for: it reads every line. */
export const picksPage = pageOf<PicksView>({
  name: 'picks',
  path: '/r/:release/picks',
  summary: 'Cherry-picks of a release: the window, each pick with its state, and what may be done about it',
  schema: PicksView,
  reads: ['kind'],
  budget: 30_000,
  read: async ({ app, params, query }) => {
    const parsed = parseRelease(params['release'] ?? '');
    if (!parsed.ok) return parsed;
    const release = parsed.value;
    const opened = await requireRelease(app, release);
    if (!opened.ok) return opened;
    const { train } = app.loaded;
    const reverts = query['kind'] === 'revert' ? await revertsView(app, release) : null;
    const picks = await seenPicks(app, release);
    const view: PicksView = {
      release,
      bot: train.picks.bot,
      window: windowView(app, release),
      classes: Object.entries(train.picks.classes).map(([name, { title, criterion }]) => ({ name, title, criterion })),
      branches: reposOf(train, release).map(({ key, branch }) => ({ repo: key, branch })),
      picks: picks.flatMap(({ standing }) => (standing.known ? [pickView(standing.value)] : [])),
      unread: picks.flatMap(({ record, standing }) => (standing.known ? [] : [unreadView(record, standing.reason)])),
      reverts,
    };
    const stale =
      view.unread.length > 0 || (reverts !== null && (reverts.unread.length > 0 || reverts.decisionsUnread !== null));
    return succeed({ view, asOf: app.clock.now(), stale });
  },
  doc: picksDoc,
});

function unreadView(record: SeenPick['record'], reason: string): UnreadPickView {
  const { pick, class: name, askedBy, askedAt, decided } = record;
  return { pick, class: name, askedBy, askedAt, decided, reason };
}

/** What may be picked now. */
export function windowView(app: App, release: ReleaseVersion): PickWindowView | null {
  const window = pickWindow(app, release);
  if (window === null) return null;
  const { phase, closesAt, endUnknown, closed, later } = window;
  return {
    phase: phase.title,
    takes: [...phase.classes],
    closesAt,
    endUnknown,
    closed: closed === null ? null : { phase: closed.phase.title, at: closed.at, late: closed.phase.late },
    later: later.map((each) => ({ phase: each.phase.title, closesAt: each.closesAt })),
  };
}

async function revertsView(app: App, release: ReleaseVersion): Promise<NonNullable<PicksView['reverts']>> {
  const { reports, decisionsUnread } = await decidedReverts(app, release);
  return {
    owed: reports.flatMap(({ repo, found }) =>
      found.known
        ? (found.value ?? []).map(({ pull, title, revert, confidence, declined, relandUntil }) => ({
            repo: RepoKey.parse(repo),
            pull,
            title,
            revert,
            confidence,
            declined: declined === null ? null : { by: declined.by, reason: declined.reason },
            relandUntil,
          }))
        : [],
    ),
    unread: reports.flatMap(({ repo, found }) => (found.known ? [] : [{ repo, reason: found.reason }])),
    decisionsUnread,
  };
}
