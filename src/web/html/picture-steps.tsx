import { dateOf, epochMillis, type Instant } from '../../domain/instant.ts';
import { cutMiddle, neutral } from '../../domain/plain-text.ts';
import { dayText } from '../../domain/time-text.ts';
import type { PageRoom, Picture } from '../doc.ts';
import type { Drawing } from './drawing.ts';
import { round, SIGN, timeScale, todayLine, valueAxis, type TimeScale } from './picture-scale.tsx';
import { dashesOf, endNames, seriesClass, seriesEnds } from './picture-series.tsx';
import type { Node } from './stage.ts';

type Steps = Extract<Picture, { readonly kind: 'steps' }>;
type Point = Steps['series'][number]['points'][number];

const LEFT = 44;
const RIGHT = 570;
const WIDTH = 720;
const BOTTOM_ROOM = 28;
const HEIGHT = 150;
const LINE = 15;
const LONGEST_NAME = 20;

interface Scale extends TimeScale {
  readonly top: number;
  readonly bottom: number;
  readonly y: (value: number) => number;
  /** Whole numbers: what is counted has no halves. */
  readonly values: readonly number[];
}

function timeOf({ series, marks, now }: Steps): TimeScale {
  const moments = [now, ...[...series.flatMap(({ points }) => points), ...marks].map(({ at }) => at)];
  const millis = moments.map(epochMillis);
  return timeScale({ from: Math.min(...millis), to: Math.max(...millis) }, { left: LEFT, right: RIGHT }, 6);
}

function scaleOf({ series }: Steps, time: TimeScale, top: number): Scale {
  const most = Math.max(1, ...series.flatMap(({ points }) => points.map(({ value }) => value)));
  const step = Math.max(1, Math.ceil(most / 4));
  const count = Math.ceil(most / step);
  const bottom = top + HEIGHT;
  return {
    ...time,
    top,
    bottom,
    y: (value) => round(bottom - (value / (count * step)) * HEIGHT),
    values: Array.from({ length: count + 1 }, (_none, index) => index * step),
  };
}

function axes(scale: Scale, unit: string, room: PageRoom): Node {
  return (
    <g>
      {valueAxis({ values: scale.values, y: scale.y, left: LEFT, right: RIGHT, unit, unitAt: scale.top - 10 })}
      {scale.days.map((day) => (
        <text x={scale.x(day)} y={scale.bottom + 18} text-anchor="middle" class="axis">
          {dayText(dateOf(day), room.now)}
        </text>
      ))}
    </g>
  );
}

/** A value holds until the next one, and the last one until now. */
function stairs(points: readonly Point[], now: Instant, scale: Scale): string {
  const [first, ...later] = points;
  if (first === undefined) return '';
  const steps = later.map(({ at, value }) => `H${scale.x(at)}V${scale.y(value)}`);
  return `M${scale.x(first.at)} ${scale.y(first.value)}${steps.join('')}H${scale.x(now)}`;
}

/** The names of dates above the picture, on as many lines as they need so that none covers another. */
function markLines(marks: Steps['marks'], time: TimeScale): ReadonlyMap<string, number> {
  const ends: number[] = [];
  const lines = new Map<string, number>();
  for (const { name, at } of marks.toSorted((one, other) => (one.at < other.at ? -1 : 1))) {
    const { from, to } = nameSpan(name, time.x(at));
    const free = ends.findIndex((end) => end <= from);
    const line = free === -1 ? ends.length : free;
    ends[line] = to + 8;
    lines.set(`${name} ${at}`, line);
  }
  return lines;
}

/** Where a name stands: beside its line, on the side that has room. */
function nameSpan(name: string, x: number): { readonly from: number; readonly to: number; readonly before: boolean } {
  const width = cutMiddle(neutral(name), LONGEST_NAME).length * SIGN + 4;
  const before = x + width > WIDTH;
  return { from: before ? x - width : x, to: before ? x : x + width, before };
}

function marksOf({ marks }: Steps, lines: ReadonlyMap<string, number>, scale: Scale): Node {
  return (
    <g>
      {marks.map(({ name, at }) => {
        const x = scale.x(at);
        const { before } = nameSpan(name, x);
        const y = ((lines.get(`${name} ${at}`) ?? 0) + 1) * LINE;
        return (
          <>
            <path d={`M${x} ${y - 11}V${scale.bottom}`} class="mark" />
            <text x={before ? x - 4 : x + 4} y={y} text-anchor={before ? 'end' : 'start'} class="axis">
              {cutMiddle(neutral(name), LONGEST_NAME)}
            </text>
          </>
        );
      })}
    </g>
  );
}

/** Counts over time, each a flight of steps, with today and the dates of the calendar. */
export function stepsSvg(steps: Steps, room: PageRoom): Drawing {
  const time = timeOf(steps);
  const lines = markLines(steps.marks, time);
  const scale = scaleOf(steps, time, (Math.max(0, ...lines.values()) + 1) * LINE + 18);
  const { top, bottom } = scale;
  return {
    width: WIDTH,
    height: bottom + BOTTOM_ROOM,
    parts: (
      <g>
        {axes(scale, steps.unit, room)}
        {marksOf(steps, lines, scale)}
        {todayLine(time.x(steps.now), { from: top - 8, to: bottom, nameAt: top - 6, width: WIDTH })}
        {steps.series.map(({ points }, index) => (
          <g class={`series ${seriesClass(index)}`}>
            <path d={stairs(points, steps.now, scale)} stroke-dasharray={dashesOf(index)} class="stairs" />
          </g>
        ))}
        {endNames(seriesEnds(steps.series, scale.y), RIGHT + 8)}
      </g>
    ),
  };
}
