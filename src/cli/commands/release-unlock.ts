import { parseRelease, unlockRelease } from '../../app/releases.ts';
import { confirm, reasonFor } from '../confirm.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  const release = valueOf(parseRelease(session.required('REL')));
  const reason = await reasonFor(session);
  await confirm(session, `Take the lock of ${release} away from its holder? Only when that process is gone for good.`);
  const { holder } = valueOf(await unlockRelease(await session.app(), release, reason));
  const text =
    holder === null ? ` Nobody holds the lock of ${release}.` : ` The lock of ${release} was taken from ${holder}.`;
  return {
    schema: 'release-unlock',
    asOf: null,
    stale: false,
    exit: 0,
    data: { release, holder },
    records: [[release, holder ?? '']],
    lines: () => [line(shape('pass'), text)],
  };
}
