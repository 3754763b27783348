import type { SyncedTrackers } from '../../app/picks.ts';
import type { Room } from '../output/answer.ts';
import { line, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';

/** Each tracker that was looked after, and each that was not, with what to do. */
export function syncedLines({ trackers, held }: SyncedTrackers, room: Room): readonly Line[] {
  return [
    ...trackers.flatMap(({ repo, number, link, changed, landings }) => {
      const text = changed ? 'is rewritten' : 'says already what it has to say';
      const told = landings === 0 ? '' : `, ${landings} ${landings === 1 ? 'landing' : 'landings'} told`;
      return paragraph(
        line(shape('pass'), ` ${repo}: the tracker #${number} ${text}${told}: ${link}`),
        room.width,
        0,
        2,
      );
    }),
    ...held.flatMap(({ repo, reason }) => paragraph(line(shape('needs-you'), ` ${repo}: ${reason}`), room.width, 0, 2)),
  ];
}
