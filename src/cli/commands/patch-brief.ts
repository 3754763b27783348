import { announcementOf, patchBrief } from '../../app/patch/brief.ts';
import { patchNamed } from '../../app/patch/named.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderBrief } from '../output/render-brief.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = valueOf(await patchNamed(app, session.required('REL')));
  session.progress.doing(`Collecting the case for ${release} ...`);
  const brief = await patchBrief(app, release);
  const asOf = app.clock.now();
  const isStale = brief.unread.length > 0 || !brief.owed.known || !brief.reverts.known;
  return {
    schema: 'patch-brief',
    asOf,
    stale: isStale,
    exit: exitCode(isStale ? 'stale' : brief.decision.is === 'go' ? 'done' : 'blocked'),
    data: brief,
    records: brief.accepted.map(({ decision, title, fix }) => [
      decision.repo,
      String(decision.item),
      fix.known ? fix.value.verdict : 'unknown',
      decision.by,
      title,
    ]),
    lines: (room) => renderBrief(brief, { ...room, asOf }),
    ...(session.flags.has('announcement') ? { document: announcementOf(brief) } : {}),
  };
}
