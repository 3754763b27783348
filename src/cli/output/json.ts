import { usage } from '../problem.ts';
import { closest } from '../../domain/suggest.ts';
import type { Answer } from './answer.ts';

// JSON.stringify escapes only C0 controls; these would still act on a terminal.
const ACTIVE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Cs}/gu;
// oxlint-disable-next-line no-control-regex -- what is not ASCII is what is looked for
const NOT_ASCII = /[^\x00-\x7f]/gu;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The one document of `--json`, with a line end. With `fields`, only those members of `data` (of each item, where it is a list); a field
 * that is not there is a usage error that names those that are.
 */
export function jsonDocument(
  answer: Answer,
  fields: readonly string[],
  style: { readonly ascii: boolean; readonly pretty: boolean },
): string {
  const data = fields.length === 0 ? answer.data : choose(answer.data, fields);
  const document = {
    schema: `signalbox.${answer.schema}/1`,
    asOf: answer.asOf,
    stale: answer.stale,
    data: data ?? null,
  };
  const text = JSON.stringify(document, undefined, style.pretty ? 2 : undefined);
  return `${text.replace(style.ascii ? NOT_ASCII : ACTIVE, escapeUnits)}\n`;
}

function escapeUnits(sign: string): string {
  return Array.from(
    { length: sign.length },
    (_, index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

function choose(data: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(data)) return data.map((item: unknown) => choose(item, fields));
  if (!isRecord(data))
    throw usage('--json=FIELDS: this answer has no fields to choose from', 'leave the fields out: --json');
  const chosen: Record<string, unknown> = {};
  for (const field of fields) {
    if (!Object.hasOwn(data, field)) {
      const near = closest(field, Object.keys(data));
      throw usage(
        `--json: there is no field ${field}`,
        ...(near === null ? [] : [`did you mean ${near} ?`]),
        `fields: ${Object.keys(data).join(', ')}`,
      );
    }
    chosen[field] = data[field];
  }
  return chosen;
}
