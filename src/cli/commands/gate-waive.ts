import { endWaiver, waiveGate } from '../../app/gates.ts';
import type { Gate } from '../../domain/gate.ts';
import { confirm, reasonFor } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderGate } from '../output/render-gates.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';
import { untilOf } from './until.ts';

export async function run(session: Session): Promise<Answer> {
  const gate = session.required('GATE');
  const ends = session.flags.has('end');
  const until = ends ? session.now : untilOf(session.flags.text('until'), session.now, 'a waiver');
  const reason = await reasonFor(session);
  const app = await session.app();
  const release = await releaseOf(session, app);
  await confirm(
    session,
    ends ? `End the waiver of ${gate} of ${release}?` : `Pass ${gate} of ${release} by decision until ${until}?`,
  );
  session.progress.doing('Writing to the ledger ...');
  const after = valueOf(
    ends ? await endWaiver(app, { release, gate, reason }) : await waiveGate(app, { release, gate, reason, until }),
  );
  return answerOf(after, await app.who(), session);
}

function answerOf(gate: Gate, who: string, session: Session): Answer {
  return {
    schema: 'gate',
    asOf: session.now,
    stale: gate.verdict === 'no-data',
    exit: exitCode('done'),
    data: gate,
    records: [[gate.id, gate.verdict, gate.waiver?.by ?? '', gate.waiver?.until ?? '', gate.waiver?.reason ?? '']],
    lines: (room) => renderGate(gate, who, room),
  };
}
