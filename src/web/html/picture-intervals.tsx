import { cutMiddle, neutral } from '../../domain/plain-text.ts';
import type { Picture } from '../doc.ts';
import { numberText } from '../picture-data.ts';
import type { Drawing } from './drawing.ts';
import { round } from './picture-scale.tsx';

type Intervals = Extract<Picture, { readonly kind: 'intervals' }>;

const LEFT = 210;
const RIGHT = 590;
const TOP = 26;
const STEP = 22;
/** A single wild benchmark must not press all others into a line. */
const FURTHEST = 8;

/** One interval a line with its middle, between the two thresholds; what lies further out than can be drawn ends in an arrow. */
export function intervalsSvg({ rows, limit, unit }: Intervals): Drawing {
  const ends = rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]);
  const reach = Math.max(limit * 1.5, Math.min(Math.max(limit, ...ends) * 1.1, limit * FURTHEST));
  const x = (value: number): number =>
    round(LEFT + ((Math.max(-reach, Math.min(reach, value)) + reach) / (2 * reach)) * (RIGHT - LEFT));
  const bottom = TOP + rows.length * STEP;
  // As far to the other side as a ratio goes: 5 % worse is 4.76 % better the other way round.
  const better = (1 / (1 + limit / 100) - 1) * 100;
  return {
    width: 720,
    height: bottom + 6,
    parts: (
      <g>
        {[better, limit].map((value) => (
          <>
            <path d={`M${x(value)} ${TOP - 6}V${bottom}`} class="limit" />
            <text x={x(value)} y={14} text-anchor="middle" class="axis">
              {`${value < 0 ? '-' : '+'}${numberText(Math.abs(value))} ${neutral(unit)}`}
            </text>
          </>
        ))}
        <path d={`M${x(0)} ${TOP - 6}V${bottom}`} class="rule" />
        {rows.map((row, index) => {
          const y = TOP + index * STEP + STEP / 2;
          return (
            <g class={row.state === 'failing' ? 'interval over' : 'interval'}>
              <text x={LEFT - 8} y={y + 4} text-anchor="end">
                {cutMiddle(neutral(row.name), 30)}
              </text>
              <path
                d={`M${x(row.low)} ${y}H${x(row.high)}M${x(row.low)} ${y - 4}v8M${x(row.high)} ${y - 4}v8`}
                class="span"
              />
              <circle cx={x(row.value)} cy={y} r="3.5" />
              <text x={RIGHT + 8} y={y + 4} class="value">
                {`${row.value < 0 ? '-' : '+'}${numberText(Math.abs(Math.round(row.value * 10) / 10))} ${neutral(unit)} ${neutral(row.word)}`}
              </text>
            </g>
          );
        })}
      </g>
    ),
  };
}
