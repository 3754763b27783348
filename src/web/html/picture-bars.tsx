import { cutMiddle, neutral } from '../../domain/plain-text.ts';
import type { Picture } from '../doc.ts';
import { numberText } from '../picture-data.ts';
import type { Drawing } from './drawing.ts';

const LEFT = 190;
const WIDTH = 360;
const STEP = 24;

/** One bar a line, its limit as a tick; a bar over its limit has another colour and says so. */
export function barsSvg({ bars, unit }: Extract<Picture, { readonly kind: 'bars' }>): Drawing {
  const most = Math.max(1e-9, ...bars.flatMap((bar) => [bar.value, bar.limit ?? 0]));
  const long = (value: number): number => Math.round((Math.max(0, value) / most) * WIDTH * 10) / 10;
  return {
    width: 720,
    height: bars.length * STEP + 8,
    parts: (
      <g>
        {bars.map((bar, index) => {
          const y = index * STEP + 4;
          const over = bar.limit !== undefined && bar.value > bar.limit;
          const end = Math.max(long(bar.value), long(bar.limit ?? 0));
          return (
            <g>
              <text x={LEFT - 8} y={y + 14} text-anchor="end">
                {cutMiddle(neutral(bar.name), 26)}
              </text>
              <rect x={LEFT} y={y + 3} width={long(bar.value)} height={14} class={over ? 'bar over' : 'bar'} />
              {bar.limit === undefined ? null : <path d={`M${LEFT + long(bar.limit)} ${y}v20`} class="limit" />}
              <text x={LEFT + end + 6} y={y + 14} class="value">
                {`${numberText(bar.value)} ${neutral(unit)}`.trim()}
                {over ? ', over the limit' : ''}
              </text>
            </g>
          );
        })}
      </g>
    ),
  };
}
