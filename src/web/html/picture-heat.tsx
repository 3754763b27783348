import { cutMiddle, neutral } from '../../domain/plain-text.ts';
import type { Picture } from '../doc.ts';
import { numberText } from '../picture-data.ts';
import type { Drawing } from './drawing.ts';

const LEFT = 130;
const TOP = 26;
const STEP = 28;
/** Beyond this a number on the colour is hard to read. */
const STRONGEST = 0.5;

/** A field of numbers, each on a colour as strong as it is large. Where there is none, a dash. */
export function heatSvg({ columns, rows }: Extract<Picture, { readonly kind: 'heat' }>): Drawing {
  const values = rows.flatMap((row) => row.values).filter((value) => value !== null);
  const least = Math.min(...values);
  const range = Math.max(1e-9, Math.max(...values) - least);
  const wide = Math.min(72, (720 - LEFT - 4) / Math.max(1, columns.length));
  const strength = (value: number): number =>
    Math.round((0.06 + ((value - least) / range) * (STRONGEST - 0.06)) * 100) / 100;
  return {
    width: 720,
    height: TOP + rows.length * STEP + 4,
    parts: (
      <g>
        {columns.map((column, at) => (
          <text x={LEFT + at * wide + wide / 2} y={16} text-anchor="middle" class="axis">
            {cutMiddle(neutral(column), Math.floor(wide / 6.5))}
          </text>
        ))}
        {rows.map((row, line) => {
          const y = TOP + line * STEP;
          return (
            <g>
              <text x={LEFT - 8} y={y + 18} text-anchor="end">
                {cutMiddle(neutral(row.name), 18)}
              </text>
              {row.values.map((value, at) => (
                <>
                  <rect
                    x={LEFT + at * wide + 1}
                    y={y + 1}
                    width={wide - 2}
                    height={STEP - 2}
                    class={value === null ? 'heat none' : 'heat'}
                    fill-opacity={value === null ? 0 : strength(value)}
                  />
                  <text x={LEFT + at * wide + wide / 2} y={y + 18} text-anchor="middle" class="value">
                    {value === null ? '-' : numberText(value)}
                  </text>
                </>
              ))}
            </g>
          );
        })}
      </g>
    ),
  };
}
