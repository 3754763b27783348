import { GatePageView } from '../../api/views/gate.ts';
import { showGate } from '../../app/gates.ts';
import { parseRelease } from '../../app/releases.ts';
import { gateHistory, withSince } from '../../app/verdicts/gate-history.ts';
import { oldestOf } from '../../domain/gate-text.ts';
import { succeed } from '../../domain/result.ts';
import { gateDoc } from '../../web/pages/gate.ts';
import { pageOf } from '../page.ts';
import { outdatedGate } from './outdated.ts';

/** One gate, judged afresh, with what the ledger says of it. */
export const gatePage = pageOf<GatePageView>({
  name: 'gate',
  path: '/r/:release/gates/:gate',
  summary:
    'One gate: verdict, evidence, owner, waiver, what moves it, what was decided about it, and how it was seen to turn',
  schema: GatePageView,
  reads: [],
  budget: 30_000,
  read: async ({ app, params }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const shown = await showGate(app, release.value, params['gate'] ?? '');
    if (!shown.ok) return shown;
    const { judged } = shown.value;
    const [gate = shown.value.gate] = await withSince(app, release.value, [shown.value.gate]);
    return succeed({
      view: {
        release: release.value,
        title: app.loaded.train.title,
        gate,
        history: await gateHistory(app, release.value, gate.id),
      },
      asOf: oldestOf([gate], judged.at),
      stale: gate.verdict === 'no-data',
    });
  },
  doc: gateDoc,
  outdated: (view, readAt) => ({ ...view, gate: outdatedGate(view.gate, view.release, readAt) }),
});
