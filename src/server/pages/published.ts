import { PublishedView } from '../../api/views/published.ts';
import { placeWords, publishedVerdict } from '../../app/promotion/published-words.ts';
import { publishedRelease } from '../../app/promotion/published.ts';
import { parseRelease } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { publishedDoc } from '../../web/pages/published.ts';
import { pageOf } from '../page.ts';

/** Receipts of what is public, and what every place shows now. Reading every place takes long. */
export const publishedPage = pageOf<PublishedView>({
  name: 'published',
  path: '/r/:release/published',
  summary: 'What of a release is public, where, since when, and which undo there is; what each place shows now',
  schema: PublishedView,
  reads: [],
  budget: 10 * 60_000,
  read: async ({ app, params }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const found = await publishedRelease(app, release.value);
    if (!found.ok) return found;
    const { candidate, rows, places, holds, publishedAt, rechecks, next } = found.value;
    const view: PublishedView = {
      release: release.value,
      title: app.loaded.train.title,
      candidate,
      rows,
      places: places.map((place) => ({ ...placeWords(place), at: place.at })),
      holds,
      verdict: publishedVerdict(found.value),
      publishedAt,
      rechecks: rechecks.map(({ name, at, holds: good }) => ({ name, at, holds: good })),
      next,
    };
    const asOf = places.reduce((oldest, { at }) => (at < oldest ? at : oldest), app.clock.now());
    return succeed({ view, asOf, stale: places.some(({ known }) => !known) });
  },
  doc: publishedDoc,
});
