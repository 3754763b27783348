import { showGate } from '../../app/gates.ts';
import type { Answer } from '../output/answer.ts';
import { renderGate } from '../output/render-gates.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { exitOf } from './gates-answer.ts';
import { oldestOf } from '../../domain/gate-text.ts';
import { releaseOf } from './release-of.ts';

/** One gate, judged afresh: what `gate show` and `gate run` answer. Nothing of a gate is remembered, so reading it is running it. */
export async function run(session: Session): Promise<Answer> {
  const id = session.required('GATE');
  session.progress.doing(`Collecting the evidence of ${id} ...`);
  const app = await session.app();
  const { gate, judged } = valueOf(await showGate(app, await releaseOf(session, app), id));
  const who = await app.who();
  return {
    schema: 'gate',
    asOf: oldestOf([gate], judged.at),
    stale: gate.verdict === 'no-data',
    exit: exitOf([gate]),
    data: gate,
    records: [[gate.id, gate.verdict, gate.owners.join(','), gate.since ?? '', gate.summary, gate.fix ?? '']],
    lines: (room) => renderGate(gate, who, room),
  };
}
