import { publishedRelease, type PublishedRelease } from '../../app/promotion/published.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderPublished } from '../output/render-published.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const release = await releaseOf(session, app);
  session.progress.doing(`Reading every place of ${release} as everybody does ...`);
  const published = valueOf(await publishedRelease(app, release));
  const isUnread = published.places.some((place) => !place.known);
  return {
    schema: 'published',
    asOf: session.now,
    stale: isUnread,
    exit: exitCode(published.holds ? 'done' : isUnread && !hasFaults(published) ? 'stale' : 'blocked'),
    data: published,
    records: published.rows.map(({ what, count, where, since, undo }) => [what, count, where, since ?? '', undo]),
    lines: (room) => renderPublished(published, room, session.flags.has('verbose')),
  };
}

function hasFaults({ places }: PublishedRelease): boolean {
  return places.some((place) => place.known && place.value.faults.length + place.value.surplus.length > 0);
}
