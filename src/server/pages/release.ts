import { ReleaseView } from '../../api/views/release.ts';
import { parseRelease } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { releaseDoc } from '../../web/pages/release.ts';
import { pageOf } from '../page.ts';
import { outdatedRelease } from './outdated.ts';
import { readRelease } from './release-view.ts';

/** Gates by stage, repositories, candidates and what is next. As on the command line a release need not be opened to be looked at. */
export const releasePage = pageOf<ReleaseView>({
  name: 'release',
  path: '/r/:release',
  summary: 'Where a release stands: gates by stage with their evidence, repositories, candidates, dates, what is next',
  schema: ReleaseView,
  reads: [],
  budget: 30_000,
  read: async ({ app, params }) => {
    const release = parseRelease(params['release'] ?? '');
    return release.ok ? succeed(await readRelease(app, release.value)) : release;
  },
  doc: releaseDoc,
  outdated: outdatedRelease,
});
