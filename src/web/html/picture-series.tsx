import { cutMiddle, neutral } from '../../domain/plain-text.ts';
import { numberText } from '../picture-data.ts';
import type { Node } from './stage.ts';

/** Besides its dashes each series has its name at its end, so that colour is never the only sign. */
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];

export function dashesOf(series: number): string {
  return DASHES[series % DASHES.length] ?? '';
}

/** The colour of a series, by its place. */
export function seriesClass(series: number): string {
  return `s${series % DASHES.length}`;
}

/** What stands at the end of a line, at this height. */
export interface LineEnd {
  readonly text: string;
  readonly at: number;
  readonly look: string;
}

interface Series {
  readonly name: string;
  readonly points: readonly { readonly value: number }[];
}

/** The name of each series with its last value, where that lies. */
export function seriesEnds(series: readonly Series[], y: (value: number) => number): readonly LineEnd[] {
  return series.flatMap(({ name, points }, index) => {
    const last = points.at(-1);
    return last === undefined
      ? []
      : [{ text: `${name} ${numberText(last.value)}`, at: y(last.value), look: `name ${seriesClass(index)}` }];
  });
}

const LINE = 15;

/** Names at the ends of their lines, pushed apart so that none covers another. */
export function endNames(ends: readonly LineEnd[], x: number): Node {
  let free = 0;
  return (
    <g>
      {ends
        .toSorted((one, other) => one.at - other.at)
        .map((end) => {
          const y = Math.max(end.at, free);
          free = y + LINE;
          return (
            <text x={x} y={y + 4} class={end.look}>
              {cutMiddle(neutral(end.text), 22)}
            </text>
          );
        })}
    </g>
  );
}
