import { standingText, type MilestoneFacts, type StandingItem } from '../../app/final/milestone-words.ts';
import type { State } from '../../domain/state.ts';
import { many } from '../../domain/words.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';

const LOOKS: Readonly<Record<StandingItem['standing']['is'], State>> = {
  open: 'needs-you',
  older: 'needs-you',
  validated: 'pass',
  'not-needed': 'skipped',
};
const ORDER = ['open', 'older', 'not-needed', 'validated'] as const;

/** Every closed item with where it stands, those that wait first; how to say that one was validated last. */
export function renderMilestone(
  { release, candidate, items, milestones }: MilestoneFacts,
  room: Room,
): readonly Line[] {
  if (candidate === null)
    return paragraph(
      line(shape('queued'), ` No candidate of ${release} was recorded yet: signalbox artifact record RC`),
      room.width,
      0,
      2,
    );
  const unread = milestones.flatMap(({ repo, items: read }) =>
    read.known ? [] : paragraph(line(shape('no-data'), ` ${repo}: ${read.reason}`), room.width, 0, 2),
  );
  const waiting = items.filter(({ standing }) => standing.is === 'open' || standing.is === 'older');
  return [
    line(span(`${release}: ${many(items.length, 'closed item')}, on ${candidate}`, 'strong')),
    BLANK,
    ...ORDER.flatMap((is) => items.filter(({ standing }) => standing.is === is)).flatMap((item) =>
      itemLines(item, room),
    ),
    ...unread,
    ...(items.length === 0 ? [] : [BLANK]),
    ...(waiting.length === 0
      ? [line(shape(unread.length === 0 ? 'pass' : 'no-data'), ` ${items.length} of ${items.length} settled.`)]
      : [
          ...paragraph(
            line(shape('needs-you'), ` ${waiting.length} of ${items.length} not validated on ${candidate}.`),
            room.width,
            0,
            2,
          ),
          ...paragraph(
            line(`Record one: signalbox milestone validate ${release} ${waiting[0]?.repo}#${waiting[0]?.number}`),
            room.width,
            2,
            2,
          ),
        ]),
  ];
}

function itemLines({ repo, number, title, standing }: StandingItem, room: Room): readonly Line[] {
  return [
    ...paragraph(
      line(shape(LOOKS[standing.is]), ' ', span(`${repo}#${number}`, 'strong'), ` ${title}`),
      room.width,
      0,
      4,
    ),
    ...paragraph(line(span(standingText(standing), 'mute')), room.width, 4, 2),
  ];
}
