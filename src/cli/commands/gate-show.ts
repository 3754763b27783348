import { showGate } from '../../app/gates.ts';
import { gateHistory, withSince } from '../../app/verdicts/gate-history.ts';
import type { Answer } from '../output/answer.ts';
import { renderGateHistory } from '../output/render-gate-history.ts';
import { renderGate } from '../output/render-gates.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { exitOf } from './gates-answer.ts';
import { oldestOf } from '../../domain/gate-text.ts';
import { releaseOf } from './release-of.ts';

/**
 * One gate, judged afresh, with its history: what `gate show` and `gate run` answer. Nothing is judged on what is remembered of a gate, so reading it is
 * running it.
 */
export async function run(session: Session): Promise<Answer> {
  const id = session.required('GATE');
  session.progress.doing(`Collecting the evidence of ${id} ...`);
  const app = await session.app();
  const release = await releaseOf(session, app);
  const shown = valueOf(await showGate(app, release, id));
  const { judged } = shown;
  const [gate = shown.gate] = await withSince(app, release, [shown.gate]);
  const history = await gateHistory(app, release, gate.id);
  const who = await app.who();
  return {
    schema: 'gate',
    asOf: oldestOf([gate], judged.at),
    stale: gate.verdict === 'no-data',
    exit: exitOf([gate]),
    data: { ...gate, history },
    records: [[gate.id, gate.verdict, gate.owners.join(','), gate.since ?? '', gate.summary, gate.fix ?? '']],
    lines: (room) => [...renderGate(gate, who, room), ...renderGateHistory(history, room)],
  };
}
