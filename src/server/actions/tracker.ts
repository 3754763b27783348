import { z } from 'zod';
import { openTracker, syncTracker } from '../../app/picks.ts';
import { parseRelease, requireRole } from '../../app/releases.ts';
import { planHref, releaseHref } from '../../domain/page-path.ts';
import { succeed } from '../../domain/result.ts';
import { actionOf, type AnyAction } from '../page.ts';

const MANAGER = ['release-manager'] as const;
const Nothing = z.object({});

export const TRACKER_ACTIONS: readonly AnyAction[] = [
  actionOf({
    name: 'tracker-open',
    path: '/r/:release/tracker/open',
    summary: 'Plan the tracker issue of a release and its mirrors',
    roles: MANAGER,
    schema: Nothing,
    run: async ({ app, params }) => {
      const release = parseRelease(params['release'] ?? '');
      if (!release.ok) return release;
      const planned = await openTracker(app, { release: release.value, dryRun: false });
      if (!planned.ok) return planned;
      const { value } = planned;
      if (value.kind !== 'planned')
        return succeed({ to: `${releaseHref(release.value)}/picks`, said: value.why, data: { kind: value.kind } });
      const { id } = value.view.plan;
      return succeed({
        to: planHref(id),
        said: `Plan ${id} opens the trackers of ${release.value}; apply it, then rewrite them.`,
        data: { kind: 'planned', plan: id },
      });
    },
  }),
  actionOf({
    name: 'tracker-sync',
    path: '/r/:release/tracker/sync',
    summary: 'Rewrite the tracker issues of a release as things stand now',
    roles: MANAGER,
    schema: Nothing,
    run: async ({ app, params }) => {
      const release = parseRelease(params['release'] ?? '');
      if (!release.ok) return release;
      const allowed = await requireRole(app, MANAGER);
      if (!allowed.ok) return allowed;
      const synced = await syncTracker(app, release.value);
      if (!synced.ok) return synced;
      const { trackers, held } = synced.value;
      const told = trackers.map(
        ({ repo, number, changed }) => `${repo} #${number} ${changed ? 'rewritten' : 'as it was'}`,
      );
      const not = held.map(({ repo, reason }) => `${repo}: ${reason}`);
      return succeed({
        to: `${releaseHref(release.value)}/picks`,
        said: `${told.join(', ')}.${not.length === 0 ? '' : ` Not: ${not.join('; ')}`}`,
        data: synced.value,
      });
    },
  }),
];
