import { dateOf, epochMillis } from '../../domain/instant.ts';
import { cutEnd, cutMiddle, neutral } from '../../domain/plain-text.ts';
import { dayText } from '../../domain/time-text.ts';
import type { PageRoom, Picture, TimelineSpan } from '../doc.ts';
import type { Drawing } from './drawing.ts';
import { DAY, SIGN, timeScale, todayLine, type TimeScale } from './picture-scale.tsx';
import type { Node } from './stage.ts';

type Timeline = Extract<Picture, { readonly kind: 'timeline' }>;

const LEFT = 96;
const WIDTH = 960;
const RIGHT = 948;
const TOP = 36;
const STEP = 26;
/** Room that the name of a day needs. */
const TICK_NAME = 72;

function scaleOf({ spans, now }: Timeline): TimeScale {
  const moments = [
    now,
    ...spans.flatMap((span) => [span.from, span.to, ...(span.was === undefined ? [] : [span.was])]),
  ];
  const millis = moments.map(epochMillis);
  const range = { from: Math.min(...millis) - DAY, to: Math.max(...millis) + DAY };
  return timeScale(range, { left: LEFT, right: RIGHT }, 10);
}

function rank(span: TimelineSpan): string {
  return `${span.from === span.to ? 1 : 0} ${span.from}`;
}

/** What lasts first, then the moments, each by its begin: so that moments share a line. */
function inOrder(spans: readonly TimelineSpan[]): readonly TimelineSpan[] {
  return spans.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

/** Whether the name of a moment has to stand before it, since what is after it is the edge. */
function isNamedBefore(span: TimelineSpan, scale: TimeScale): boolean {
  const from = scale.x(span.from);
  return scale.x(span.to) - from < 6 && from + 16 + neutral(span.name).length * SIGN > WIDTH;
}

/** Spans of a lane put on as many lines as they need so that neither bars nor names cover each other. */
function stacked(spans: readonly TimelineSpan[], scale: TimeScale): readonly (readonly TimelineSpan[])[] {
  const lines: { end: number; spans: TimelineSpan[] }[] = [];
  for (const span of inOrder(spans)) {
    const name = 12 + neutral(span.name).length * SIGN;
    const isBefore = isNamedBefore(span, scale);
    const start = scale.x(span.from) - 6 - (isBefore ? name : 0);
    const end = Math.max(scale.x(span.to), scale.x(span.from) + (isBefore ? 0 : name)) + 6;
    const line = lines.find((each) => each.end <= start);
    if (line === undefined) lines.push({ end, spans: [span] });
    else {
      line.end = end;
      line.spans.push(span);
    }
  }
  return lines.map((line) => line.spans);
}

function spanOf(span: TimelineSpan, y: number, scale: TimeScale): Node {
  const from = scale.x(span.from);
  const to = scale.x(span.to);
  const isMoment = to - from < 6;
  const isBefore = isNamedBefore(span, scale);
  const room = Math.floor((isBefore ? from - LEFT : WIDTH - from - 12) / SIGN);
  return (
    <g class={`span st-${span.state}`}>
      {isMoment ? (
        <path d={`M${from} ${y + 4}l7 7-7 7-7-7z`} class="moment" />
      ) : (
        <rect x={from} y={y + 2} width={to - from} height={18} rx="3" class="length" />
      )}
      <text x={isBefore ? from - 10 : from + (isMoment ? 10 : 5)} y={y + 15} text-anchor={isBefore ? 'end' : 'start'}>
        {cutEnd(neutral(span.name), Math.max(8, room))}
      </text>
      {span.was === undefined ? null : (
        <path d={`M${scale.x(span.was)} ${y + 1}v20M${scale.x(span.was)} ${y + 11}H${from}`} class="was" />
      )}
    </g>
  );
}

/** Lanes of spans and moments over days, with today, and where a moved one was planned before. */
export function timelineSvg(timeline: Timeline, room: PageRoom): Drawing {
  const scale = scaleOf(timeline);
  const lanes = [...new Set(timeline.spans.map((span) => span.lane))];
  let y = TOP;
  const drawn = lanes.map((lane) => {
    const lines = stacked(
      timeline.spans.filter((span) => span.lane === lane),
      scale,
    );
    const top = y;
    y += lines.length * STEP + 4;
    return (
      <g>
        <path d={`M0 ${top - 2}H${WIDTH}`} class="rule" />
        <text x={4} y={top + 17} class="lane-name">
          {cutMiddle(neutral(lane), 14)}
        </text>
        {lines.flatMap((spans, index) => spans.map((span) => spanOf(span, top + index * STEP + 2, scale)))}
      </g>
    );
  });
  return {
    width: WIDTH,
    height: y + 4,
    parts: (
      <g>
        {scale.days.map((tick) => (
          <>
            <path d={`M${scale.x(tick)} ${TOP - 8}V${y}`} class="rule" />
            {scale.x(tick) > WIDTH - TICK_NAME ? null : (
              <text x={scale.x(tick) + 3} y={14} class="axis">
                {dayText(dateOf(tick), room.now)}
              </text>
            )}
          </>
        ))}
        {drawn}
        {todayLine(scale.x(timeline.now), { from: TOP - 14, to: y, nameAt: TOP - 6, width: WIDTH })}
      </g>
    ),
  };
}
