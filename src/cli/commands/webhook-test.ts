import { testPartner } from '../../app/partners/partners-of.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const name = session.required('NAME');
  const app = await session.app();
  await confirm(session, `Send a ping to ${name}?`);
  const sent = valueOf(await testPartner(app, name));
  return {
    schema: 'webhook-test',
    asOf: app.clock.now(),
    stale: false,
    exit: 0,
    data: sent,
    records: [[sent.partner, sent.host, String(sent.status)]],
    lines: () => [line(shape('pass'), ` ${sent.partner} at ${sent.host} took it and answered ${sent.status}.`)],
  };
}
