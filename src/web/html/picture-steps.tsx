import { dateOf, epochMillis, instantOf, type Instant } from '../../domain/instant.ts';
import { cutMiddle, neutral } from '../../domain/plain-text.ts';
import { dayText } from '../../domain/time-text.ts';
import type { PageRoom, Picture } from '../doc.ts';
import { numberText } from '../picture-data.ts';
import type { Drawing } from './drawing.ts';
import { dashesOf, endNames, seriesClass } from './picture-series.tsx';
import type { Node } from './stage.ts';

type Steps = Extract<Picture, { readonly kind: 'steps' }>;
type Point = Steps['series'][number]['points'][number];

const LEFT = 44;
const RIGHT = 570;
const WIDTH = 720;
const BOTTOM_ROOM = 28;
const HEIGHT = 150;
const LINE = 15;
const DAY = 86_400_000;
/** Pixels that a sign of a name takes. */
const SIGN = 6.2;
const LONGEST_NAME = 20;

interface Scale {
  readonly top: number;
  readonly bottom: number;
  x(at: Instant): number;
  y(value: number): number;
  /** Whole numbers: what is counted has no halves. */
  readonly values: readonly number[];
  readonly days: readonly Instant[];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function scaleOf({ series, marks, now }: Steps, top: number): Scale {
  const millis = [now, ...series.flatMap(({ points }) => points.map(({ at }) => at)), ...marks.map(({ at }) => at)].map(
    epochMillis,
  );
  const first = Math.min(...millis);
  const length = Math.max(DAY, Math.max(...millis) - first);
  const most = Math.max(1, ...series.flatMap(({ points }) => points.map(({ value }) => value)));
  const step = Math.max(1, Math.ceil(most / 4));
  const days = Math.max(1, Math.ceil(length / DAY / 6)) * DAY;
  const start = Math.ceil(first / DAY) * DAY;
  const bottom = top + HEIGHT;
  return {
    top,
    bottom,
    x: (at) => round(LEFT + ((epochMillis(at) - first) / length) * (RIGHT - LEFT)),
    y: (value) => round(bottom - (value / (Math.ceil(most / step) * step)) * HEIGHT),
    values: Array.from({ length: Math.ceil(most / step) + 1 }, (_none, index) => index * step),
    days: Array.from({ length: Math.floor((first + length - start) / days) + 1 }, (_none, index) =>
      instantOf(start + index * days),
    ),
  };
}

function axes(scale: Scale, unit: string, room: PageRoom): Node {
  return (
    <g>
      {scale.values.map((value) => (
        <>
          <path d={`M${LEFT} ${scale.y(value)}H${RIGHT}`} class="rule" />
          <text x={LEFT - 8} y={scale.y(value) + 4} text-anchor="end" class="axis">
            {numberText(value)}
          </text>
        </>
      ))}
      <text x={LEFT - 8} y={scale.top - 10} text-anchor="end" class="axis">
        {neutral(unit)}
      </text>
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
function markLines(marks: Steps['marks'], scale: Pick<Scale, 'x'>): ReadonlyMap<string, number> {
  const ends: number[] = [];
  const lines = new Map<string, number>();
  for (const { name, at } of marks.toSorted((one, other) => (one.at < other.at ? -1 : 1))) {
    const { from, to } = nameSpan(name, scale.x(at));
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
  const lines = markLines(steps.marks, scaleOf(steps, 0));
  const scale = scaleOf(steps, (Math.max(0, ...lines.values()) + 1) * LINE + 18);
  const now = scale.x(steps.now);
  const ends = steps.series.flatMap(({ name, points }, index) => {
    const last = points.at(-1);
    return last === undefined
      ? []
      : [{ text: `${name} ${numberText(last.value)}`, at: scale.y(last.value), look: `name ${seriesClass(index)}` }];
  });
  return {
    width: WIDTH,
    height: scale.bottom + BOTTOM_ROOM,
    parts: (
      <g>
        {axes(scale, steps.unit, room)}
        {marksOf(steps, lines, scale)}
        <path d={`M${now} ${scale.top - 8}V${scale.bottom}`} class="today" />
        <text x={Math.min(now + 4, WIDTH - 40)} y={scale.top - 6} class="today-name">
          today
        </text>
        {steps.series.map(({ points }, index) => (
          <g class={`series ${seriesClass(index)}`}>
            <path d={stairs(points, steps.now, scale)} stroke-dasharray={dashesOf(index)} class="stairs" />
          </g>
        ))}
        {endNames(ends, RIGHT + 8)}
      </g>
    ),
  };
}
