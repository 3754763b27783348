import { cutMiddle } from '../../domain/plain-text.ts';
import type { PageRoom, Picture } from '../doc.ts';
import { numberText, pointName } from '../picture-data.ts';
import type { Drawing } from './drawing.ts';
import { round, valueAxis } from './picture-scale.tsx';
import { dashesOf, endNames, seriesClass, seriesEnds, type LineEnd } from './picture-series.tsx';
import type { Node } from './stage.ts';

type Lines = Extract<Picture, { readonly kind: 'lines' }>;
type Series = Lines['series'][number];

const LEFT = 64;
const RIGHT = 560;
const TOP = 22;
const BOTTOM = 196;

interface Scale {
  readonly places: readonly string[];
  x(at: string): number;
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
}

function scaleOf({ series, limit }: Lines): Scale {
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => String(point.at))))];
  const inTime = places.every((place) => /^\d{4}-\d{2}-\d{2}T/u.test(place));
  const ordered = inTime ? places.toSorted() : places;
  const values = series.flatMap(({ points }) => points.map((point) => point.value));
  const most = Math.max(1e-9, ...values, limit?.value ?? 0) * 1.05;
  const gap = (RIGHT - LEFT) / Math.max(1, ordered.length - 1);
  return {
    places: ordered,
    x: (at) => round(ordered.length === 1 ? (LEFT + RIGHT) / 2 : LEFT + ordered.indexOf(at) * gap),
    y: (value) => round(BOTTOM - (value / most) * (BOTTOM - TOP)),
    ticks: [0, 0.25, 0.5, 0.75, 1].map((part) => (part * most) / 1.05),
  };
}

function axes(scale: Scale, lines: Lines, room: PageRoom): Node {
  const every = Math.max(1, Math.ceil(scale.places.length / 8));
  return (
    <g>
      {valueAxis({ values: scale.ticks, y: scale.y, left: LEFT, right: RIGHT, unit: lines.unit, unitAt: 11 })}
      {scale.places
        .filter((_place, index) => index % every === 0)
        .map((place) => (
          <text x={scale.x(place)} y={BOTTOM + 18} text-anchor="middle" class="axis">
            {cutMiddle(pointName(place, room.now), 12)}
          </text>
        ))}
    </g>
  );
}

function lineOf(series: Series, index: number, scale: Scale): Node {
  const at = series.points.map((point) => `${scale.x(String(point.at))},${scale.y(point.value)}`);
  return (
    <g class={`series ${seriesClass(index)}`}>
      <polyline points={at.join(' ')} stroke-dasharray={dashesOf(index)} />
      {series.points.map((point) => (
        <circle cx={scale.x(String(point.at))} cy={scale.y(point.value)} r="2.5" />
      ))}
    </g>
  );
}

/** What stands at the end of each line. */
function endsOf({ series, limit }: Lines, scale: Scale): readonly LineEnd[] {
  return [
    ...seriesEnds(series, scale.y),
    ...(limit === undefined
      ? []
      : [{ text: `${limit.name} ${numberText(limit.value)}`, at: scale.y(limit.value), look: 'name over' }]),
  ];
}

/** Lines over time or over versions, with the limit that must not be crossed. */
export function linesSvg(lines: Lines, room: PageRoom): Drawing {
  const scale = scaleOf(lines);
  return {
    width: 720,
    height: BOTTOM + 28,
    parts: (
      <g>
        {axes(scale, lines, room)}
        {lines.series.map((series, index) => lineOf(series, index, scale))}
        {lines.limit === undefined ? null : (
          <path d={`M${LEFT} ${scale.y(lines.limit.value)}H${RIGHT}`} class="limit" />
        )}
        {endNames(endsOf(lines, scale), RIGHT + 8)}
      </g>
    ),
  };
}
