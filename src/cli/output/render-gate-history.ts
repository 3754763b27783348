import type { GateEvent } from '../../app/verdicts/gate-history.ts';
import { clockTime } from '../../domain/time-text.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';

/** Events that are shown; the log has all. */
const MOST = 12;
/** Verdicts in the strip. */
const MOST_LAST = 10;

/** What was decided about a gate and the verdicts it was seen to have: a strip of the last verdicts, oldest first, then all of it, newest first. */
export function renderGateHistory(history: readonly GateEvent[], room: Room): readonly Line[] {
  if (history.length === 0) return [];
  const verdicts = history.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]));
  const strip = verdicts.slice(0, MOST_LAST).toReversed();
  const left = history.length - MOST;
  return [
    BLANK,
    line(span('  HISTORY', 'mute'), '  ', ...strip.flatMap((verdict) => [shape(verdict), ' '])),
    ...history.slice(0, MOST).flatMap((event) => eventLines(event, room)),
    ...(left > 0
      ? paragraph(line(span(`and ${left} earlier: signalbox log --verdicts`, 'mute')), room.width, 2, 2)
      : []),
  ];
}

function eventLines({ at, actor, text, verdict }: GateEvent, room: Room): readonly Line[] {
  return paragraph(
    line(
      ...(verdict === null ? ['  '] : [shape(verdict), ' ']),
      `${clockTime(at, room.now)}  `,
      span(`@${actor}`, 'strong'),
      ` ${text}`,
    ),
    room.width,
    2,
    4,
  );
}
