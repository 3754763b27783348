import { secretVariable } from '../../app/partners/deliver.ts';
import { listPartners, type PartnerStanding } from '../../app/partners/partners-of.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const partners = await listPartners(app);
  const bad = partners.filter(({ secrets, failed }) => secrets === 0 || failed.length > 0);
  return {
    schema: 'webhook-list',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode(bad.length === 0 ? 'done' : 'blocked'),
    data: partners,
    records: partners.map(({ name, host, events, secrets, failed }) => [
      name,
      host,
      events.join(','),
      String(secrets),
      String(failed.length),
    ]),
    lines: (room) =>
      partners.length === 0
        ? [line('The train names no partners: write them under webhooks in the train file.')]
        : partners.flatMap((partner) => linesOf(partner, room)),
  };
}

function linesOf({ name, host, events, since, until, secrets, failed }: PartnerStanding, room: Room): readonly Line[] {
  const isWell = secrets > 0 && failed.length === 0;
  const when = `from ${since}${until === null ? '' : ` to ${until}`}`;
  const [oldest] = failed;
  return [
    ...paragraph(
      line(shape(isWell ? 'pass' : 'failing'), ' ', span(name, 'strong'), ` ${host}, ${when}: ${events.join(', ')}`),
      room.width,
      0,
      2,
    ),
    ...(secrets === 0 ? [line(`    no secret: set ${secretVariable(name)}`)] : []),
    ...(oldest === undefined
      ? []
      : [
          ...paragraph(
            line(`${failed.length} failed for good since ${oldest.diedAt}: ${oldest.error.slice(0, 200)}`),
            room.width,
            4,
            4,
          ),
          line(`    signalbox webhook redeliver ${name}`),
        ]),
  ];
}
