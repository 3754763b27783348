import { endWaiver, waiveGate } from '../../app/gates.ts';
import type { Gate } from '../../domain/gate.ts';
import { addSeconds, Instant } from '../../domain/instant.ts';
import { confirm, reasonFor } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderGate } from '../output/render-gates.ts';
import { durationMillis } from '../output/time.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  const gate = session.required('GATE');
  const ends = session.flags.has('end');
  const until = ends ? session.now : untilOf(session.flags.text('until'), session.now);
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

/** A date (its end, UTC), a moment, or a time from now; a waiver always ends. */
function untilOf(text: string | null, now: Instant): Instant {
  if (text === null)
    throw usage(
      'a waiver needs an end: --until WHEN',
      'write a date as 2026-07-18, a moment as 2026-07-18T17:00:00Z, or a time from now as 7d',
    );
  const millis = durationMillis(text);
  if (millis !== null) return addSeconds(now, millis / 1000);
  const moment = Instant.safeParse(/^\d{4}-\d{2}-\d{2}$/u.test(text) ? `${text}T23:59:59Z` : text);
  if (moment.success) return moment.data;
  throw usage(
    `--until ${text} is no moment`,
    'write a date as 2026-07-18, a moment as 2026-07-18T17:00:00Z, or a time from now as 7d',
  );
}
