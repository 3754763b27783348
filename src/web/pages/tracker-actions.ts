import { releaseHref } from '../../domain/page-path.ts';
import { barredFrom, type Action, type PageRoom } from '../doc.ts';

/** Opening the tracker issues of a release, as a plan, and rewriting them as things stand. */
export function trackerActions(release: string, room: PageRoom): readonly Action[] {
  return [
    {
      id: 'tracker-open',
      label: 'Plan trackers',
      href: `${releaseHref(release)}/tracker/open`,
      fields: [],
      command: `signalbox tracker open ${release}`,
      undo: 'full',
      barred: barredFrom(room, ['release-manager']),
      tells: 'Plans the tracker issue and its mirror in every repository that has none yet.',
    },
    {
      id: 'tracker-sync',
      label: 'Rewrite trackers',
      href: `${releaseHref(release)}/tracker/sync`,
      fields: [],
      command: `signalbox tracker sync ${release} --yes`,
      undo: 'partial',
      barred: barredFrom(room, ['release-manager']),
      tells: 'Rewrites the tracker issues as things stand now; what people wrote below their ends stays.',
    },
  ];
}
