import { AsksView } from '../../api/views/asks.ts';
import { askStandings } from '../../app/asks.ts';
import { parseRelease } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { asksDoc } from '../../web/pages/asks.ts';
import { pageOf } from '../page.ts';
import { askView, outdatedAsk } from './ask-view.ts';

/** What is asked of others for a release: who is asked, until when, whether it was sent and is done. */
export const asksPage = pageOf<AsksView>({
  name: 'asks',
  path: '/r/:release/asks',
  summary: 'What is asked of others for a release: state, day, who sees to it, evidence, and the text that is sent',
  schema: AsksView,
  reads: [],
  budget: 60_000,
  read: async ({ app, params }) => {
    const parsed = parseRelease(params['release'] ?? '');
    if (!parsed.ok) return parsed;
    const release = parsed.value;
    const now = app.clock.now();
    const { train } = app.loaded;
    const standings = await askStandings(app, release);
    const asks = standings.map((standing) => askView(standing, { train, release, now }));
    const view: AsksView = { release, title: train.title, asks };
    return succeed({ view, asOf: now, stale: asks.some(({ state }) => state === 'unknown') });
  },
  doc: asksDoc,
  outdated: (view, readAt) => ({ ...view, asks: view.asks.map((ask) => outdatedAsk(ask, view.release, readAt)) }),
});
