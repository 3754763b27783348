/** What a picture shows, as a table and in a sentence: whoever does not see it gets the same facts. */
import { dateOf, Instant } from '../domain/instant.ts';
import { neutral } from '../domain/plain-text.ts';
import { dayText } from '../domain/time-text.ts';
import type { Inline, Picture, PageRoom, Rich } from './doc.ts';

type Of<Kind extends Picture['kind']> = Extract<Picture, { readonly kind: Kind }>;

export interface PictureData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Rich[])[];
  /** The whole in one sentence. */
  readonly says: string;
}

/** `834`, `1.25`: at most two places. */
export function numberText(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function measure(value: number, unit: string): string {
  return `${numberText(value)} ${neutral(unit)}`.trim();
}

function day(at: Instant): Inline {
  return { kind: 'time', at, form: 'date' };
}

/** How the place of a point on its axis is called: a day, or a name such as a version. */
export function pointName(at: string, now: Instant): string {
  const moment = Instant.safeParse(at);
  return moment.success ? dayText(dateOf(moment.data), now) : neutral(at);
}

function timelineData({ spans }: Of<'timeline'>, room: PageRoom): PictureData {
  const from = spans.map((span) => span.from).toSorted()[0];
  const to = spans
    .map((span) => span.to)
    .toSorted()
    .at(-1);
  const range =
    from === undefined || to === undefined
      ? ''
      : `, ${dayText(dateOf(from), room.now)} to ${dayText(dateOf(to), room.now)}`;
  return {
    columns: ['Lane', 'What', 'From', 'To', 'State', 'Planned before'],
    rows: spans.map((span) => [
      span.lane,
      span.name,
      day(span.from),
      day(span.to),
      { kind: 'state', state: span.state },
      span.was === undefined ? '' : day(span.was),
    ]),
    says: `${spans.length} spans${range}`,
  };
}

function linesData({ series, unit, limit }: Of<'lines'>, room: PageRoom): PictureData {
  const last = series.flatMap(({ name, points }) => {
    const point = points.at(-1);
    return point === undefined ? [] : [`${neutral(name)} last ${measure(point.value, unit)}`];
  });
  const bound = limit === undefined ? [] : [`${neutral(limit.name)} ${measure(limit.value, unit)}`];
  return {
    columns: ['Series', 'At', `Value${unit === '' ? '' : ` in ${neutral(unit)}`}`],
    rows: series.flatMap(({ name, points }) =>
      points.map((point) => [name, pointName(point.at, room.now), numberText(point.value)]),
    ),
    says: [...last, ...bound].join('; '),
  };
}

function stepsData({ series, unit, marks }: Of<'steps'>): PictureData {
  const moments = [...new Set([...series.flatMap(({ points }) => points), ...marks].map(({ at }) => at))].toSorted();
  const last = series.flatMap(({ name, points }) => {
    const [first, end] = [points[0], points.at(-1)];
    return first === undefined || end === undefined
      ? []
      : [`${neutral(name)} from ${numberText(first.value)} to ${measure(end.value, unit)}`];
  });
  return {
    columns: ['When', ...series.map(({ name }) => name), 'Date'],
    rows: moments.map((at) => [
      { kind: 'time', at, form: 'minute' },
      ...series.map(({ points }) => {
        const point = points.findLast((each) => each.at === at);
        return point === undefined ? '' : numberText(point.value);
      }),
      marks
        .filter((mark) => mark.at === at)
        .map(({ name }) => neutral(name))
        .join(', '),
    ]),
    says: last.join('; '),
  };
}

function heatData({ columns, rows, unit }: Of<'heat'>): PictureData {
  const values = rows.flatMap((row) => row.values).filter((value) => value !== null);
  const range =
    values.length === 0
      ? 'no values'
      : `${measure(Math.min(...values), unit)} to ${measure(Math.max(...values), unit)}`;
  return {
    columns: ['', ...columns],
    rows: rows.map((row) => [row.name, ...row.values.map((value) => (value === null ? '-' : numberText(value)))]),
    says: `${rows.length} by ${columns.length}, ${range}`,
  };
}

function barsData({ bars, unit }: Of<'bars'>): PictureData {
  const over = bars.filter((bar) => bar.limit !== undefined && bar.value > bar.limit);
  return {
    columns: ['What', `Value${unit === '' ? '' : ` in ${neutral(unit)}`}`, 'Limit'],
    rows: bars.map((bar) => [bar.name, numberText(bar.value), bar.limit === undefined ? '' : numberText(bar.limit)]),
    says: `${bars.length} bars, ${over.length} over the limit`,
  };
}

function intervalsData({ rows, unit, limit }: Of<'intervals'>): PictureData {
  const over = rows.filter(({ low }) => low > limit).length;
  return {
    columns: ['What', `Value in ${neutral(unit)}`, 'From', 'To', 'State'],
    rows: rows.map(({ name, low, value, high, state, word }) => [
      name,
      numberText(value),
      numberText(low),
      numberText(high),
      { kind: 'state', state, word },
    ]),
    says: `${rows.length} intervals, ${over} of them wholly beyond ${measure(limit, unit)}`,
  };
}

export function pictureData(picture: Picture, room: PageRoom): PictureData {
  switch (picture.kind) {
    case 'timeline':
      return timelineData(picture, room);
    case 'lines':
      return linesData(picture, room);
    case 'steps':
      return stepsData(picture);
    case 'heat':
      return heatData(picture);
    case 'intervals':
      return intervalsData(picture);
    case 'bars':
      return barsData(picture);
  }
}
