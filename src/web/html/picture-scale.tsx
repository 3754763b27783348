/** What pictures over time and of counts have in common: where a moment and a value lie, the rules of the values, today. */
import { epochMillis, instantOf, type Instant } from '../../domain/instant.ts';
import { neutral } from '../../domain/plain-text.ts';
import { numberText } from '../picture-data.ts';
import type { Node } from './stage.ts';

export const DAY = 86_400_000;
/** Pixels that a sign of a name takes. */
export const SIGN = 6.2;
/** Pixels that the word `today` needs. */
const TODAY = 40;

/** A tenth of a pixel is as exact as anybody sees. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export interface TimeScale {
  x(at: Instant): number;
  /** Whole days at equal distances. */
  readonly days: readonly Instant[];
}

/** From one moment to another, in milliseconds and at least a day, drawn between two pixels; with at most about so many days marked. */
export function timeScale(
  { from, to }: { readonly from: number; readonly to: number },
  { left, right }: { readonly left: number; readonly right: number },
  most: number,
): TimeScale {
  const length = Math.max(DAY, to - from);
  const step = Math.max(1, Math.ceil(length / DAY / most)) * DAY;
  const start = Math.ceil(from / DAY) * DAY;
  const count = Math.floor((from + length - start) / step) + 1;
  return {
    x: (at) => round(left + ((epochMillis(at) - from) / length) * (right - left)),
    days: Array.from({ length: count }, (_none, index) => instantOf(start + index * step)),
  };
}

interface ValueAxis {
  readonly values: readonly number[];
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly unit: string;
  readonly unitAt: number;
}

/** A rule for each value, with its number before it and the unit above. */
export function valueAxis({ values, y, left, right, unit, unitAt }: ValueAxis): Node {
  return (
    <>
      {values.map((value) => (
        <>
          <path d={`M${left} ${y(value)}H${right}`} class="rule" />
          <text x={left - 8} y={y(value) + 4} text-anchor="end" class="axis">
            {numberText(value)}
          </text>
        </>
      ))}
      <text x={left - 8} y={unitAt} text-anchor="end" class="axis">
        {neutral(unit)}
      </text>
    </>
  );
}

/** Where now is, from one height to another, named at a third. */
export function todayLine(
  x: number,
  {
    from,
    to,
    nameAt,
    width,
  }: { readonly from: number; readonly to: number; readonly nameAt: number; readonly width: number },
): Node {
  return (
    <>
      <path d={`M${x} ${from}V${to}`} class="today" />
      <text x={Math.min(x + 4, width - TODAY)} y={nameAt} class="today-name">
        today
      </text>
    </>
  );
}
