import { testNotice } from '../../app/notices/choices.ts';
import { NoticeKind } from '../../domain/notice.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const typed = session.argument('KIND') ?? 'needs-you';
  const kind = NoticeKind.safeParse(typed);
  if (!kind.success) {
    throw usage(`${typed.slice(0, 40)} is no kind of notice`, `there are: ${NoticeKind.options.join(', ')}`);
  }
  const { to } = valueOf(await testNotice(await session.app(), kind.data));
  return {
    schema: 'notify-test',
    asOf: null,
    stale: false,
    exit: 0,
    data: { kind: kind.data, to },
    records: [[kind.data, to]],
    lines: (room) => paragraph(line(shape('pass'), ` Sent to ${to}. Look whether it is there.`), room.width, 0, 2),
  };
}
