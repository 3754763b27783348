import { redeliver } from '../../app/partners/partners-of.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const name = session.required('NAME');
  const typed = session.flags.text('entry');
  const seq = typed === null ? null : Number(typed);
  if (seq !== null && !/^[1-9]\d{0,15}$/u.test(typed ?? ''))
    throw usage(
      `--entry ${(typed ?? '').slice(0, 20)} is no number of an entry`,
      'the log numbers them: signalbox log',
    );
  const app = await session.app();
  await confirm(
    session,
    seq === null ? `Send ${name} again what failed for good?` : `Send entry ${seq} to ${name} again?`,
  );
  const again = valueOf(await redeliver(app, { partner: name, seq }));
  const { messages } = again;
  const text =
    messages === 0
      ? ` Nothing failed for good at ${name}.`
      : ` ${messages} ${messages === 1 ? 'message is' : 'messages are'} sent again by the running server.`;
  return {
    schema: 'webhook-redeliver',
    asOf: app.clock.now(),
    stale: false,
    exit: 0,
    data: again,
    records: [[name, String(messages)]],
    lines: () => [line(shape(messages === 0 ? 'skipped' : 'pass'), text)],
  };
}
