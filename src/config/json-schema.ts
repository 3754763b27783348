import { z } from 'zod';
import { Train } from '../domain/train/train.ts';

type Loose = { readonly [key: string]: unknown };

/**
 * The JSON Schema of a train file, for editors. It checks names and values; that nothing is missing is not for an editor to say, since
 * with `extends` every key may be inherited, and null may take every inherited key away.
 */
export function trainJsonSchema(): Loose {
  const schema = Looked.parse(z.toJSONSchema(Train, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' }));
  const loosened = loosen(schema);
  const properties = Looked.parse(loosened['properties']);
  return {
    ...loosened,
    title: 'Signalbox train',
    properties: {
      extends: { type: 'string', description: 'A preset, or a path that begins with ./ or ../' },
      ...properties,
    },
  };
}

const Looked = z.record(z.string(), z.unknown());

// Lists are never merged, so that inside them what is required is required.
function loosen(schema: Loose): Loose {
  const { required: _required, properties, additionalProperties, ...rest } = schema;
  const inside = Looked.safeParse(properties);
  const free = Looked.safeParse(additionalProperties);
  return {
    ...rest,
    ...(inside.success
      ? { properties: Object.fromEntries(Object.entries(inside.data).map(([key, value]) => [key, orNull(value)])) }
      : {}),
    ...(free.success
      ? { additionalProperties: orNull(free.data) }
      : additionalProperties === undefined
        ? {}
        : { additionalProperties }),
  };
}

function orNull(value: unknown): unknown {
  const schema = Looked.safeParse(value);
  if (!schema.success) return value;
  const { description, default: preset, ...rest } = schema.data;
  return {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    anyOf: [loosen(rest), { type: 'null' }],
  };
}
