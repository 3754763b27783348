import { z } from 'zod';
import { RepoKey } from '../domain/repo.ts';
import { Line } from '../domain/version.ts';

/** What the schema says about one place of the train file. */
export interface SchemaPlace {
  readonly schema: z.core.$ZodType;
  readonly description: string;
  readonly required: boolean;
  readonly nullable: boolean;
  /** The default as data; undefined when there is none. */
  readonly preset: unknown;
}

/** Looks through optional, nullable and defaults to the schema inside, collecting what they say. */
export function unwrap(schema: z.core.$ZodType): SchemaPlace {
  let place: SchemaPlace = {
    schema,
    description: describe(schema),
    required: true,
    nullable: false,
    preset: undefined,
  };
  for (;;) {
    const inner = innerOf(place.schema);
    if (inner === null) return place;
    place = {
      schema: inner.schema,
      description: place.description === '' ? describe(inner.schema) : place.description,
      required: place.required && inner.required,
      nullable: place.nullable || inner.nullable,
      preset: place.preset ?? inner.preset,
    };
  }
}

interface Inner {
  readonly schema: z.core.$ZodType;
  readonly required: boolean;
  readonly nullable: boolean;
  readonly preset: unknown;
}

function innerOf(schema: z.core.$ZodType): Inner | null {
  if (schema instanceof z.ZodOptional)
    return { schema: schema.unwrap(), required: false, nullable: false, preset: undefined };
  if (schema instanceof z.ZodNullable)
    return { schema: schema.unwrap(), required: true, nullable: true, preset: undefined };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return { schema: schema.unwrap(), required: false, nullable: false, preset: schema.def.defaultValue };
  }
  if (schema instanceof z.ZodReadonly)
    return { schema: schema.unwrap(), required: true, nullable: false, preset: undefined };
  return schema instanceof z.ZodPipe ? { schema: schema.in, required: true, nullable: false, preset: undefined } : null;
}

function describe(schema: z.core.$ZodType): string {
  return z.globalRegistry.get(schema)?.description ?? '';
}

/** The keys of a map with fixed keys; those of every kind of it, when it has kinds. Empty for everything else. */
export function keysOf(schema: z.core.$ZodType): ReadonlyMap<string, z.core.$ZodType> {
  const { schema: inner } = unwrap(schema);
  if (inner instanceof z.ZodObject) return new Map(Object.entries(inner.shape));
  if (!(inner instanceof z.ZodUnion)) return new Map();
  return new Map(inner.options.flatMap((option) => [...keysOf(option)]));
}

/** The kinds of a map that has kinds, by what its `kind` says. */
export function kindsOf(schema: z.core.$ZodType): ReadonlyMap<string, z.core.$ZodType> {
  const { schema: inner } = unwrap(schema);
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return new Map();
  const { discriminator } = inner.def;
  return new Map(
    inner.options.flatMap((option) => {
      const mark = keysOf(option).get(discriminator);
      return mark === undefined ? [] : valuesOf(mark).map((value) => [value, option] as const);
    }),
  );
}

/** The words that may stand there, when only certain ones may. */
export function valuesOf(schema: z.core.$ZodType): readonly string[] {
  const { schema: inner } = unwrap(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(String);
  return inner instanceof z.ZodBoolean ? ['true', 'false'] : [];
}

/** What a map with free keys holds, and how its keys are named in the reference: `<repo>`, `<line>`, `<name>`. */
export function recordOf(schema: z.core.$ZodType): { readonly key: string; readonly value: z.core.$ZodType } | null {
  const { schema: inner } = unwrap(schema);
  if (!(inner instanceof z.ZodRecord)) return null;
  const named = inner.keyType === RepoKey ? '<repo>' : inner.keyType === Line ? '<line>' : '<name>';
  return { key: named, value: inner.valueType };
}

/** What a list holds; null for what is no list. */
export function itemOf(schema: z.core.$ZodType): z.core.$ZodType | null {
  const { schema: inner } = unwrap(schema);
  return inner instanceof z.ZodArray ? inner.element : null;
}

/** One step into the schema; null where nothing may stand. With `kind`, only keys of that kind of a map are found. */
export function stepInto(schema: z.core.$ZodType, part: string | number, kind?: string): z.core.$ZodType | null {
  const item = itemOf(schema);
  if (item !== null) return item;
  const record = recordOf(schema);
  if (record !== null) return record.value;
  const chosen = kind === undefined ? undefined : kindsOf(schema).get(kind);
  return keysOf(chosen ?? schema).get(String(part)) ?? null;
}

/** The schema at a path of keys and list positions; null where nothing may stand. */
export function schemaAt(root: z.core.$ZodType, path: readonly (string | number)[]): z.core.$ZodType | null {
  return path.reduce<z.core.$ZodType | null>((schema, part) => (schema === null ? null : stepInto(schema, part)), root);
}

/** What may stand there, in words. */
export function typeText(schema: z.core.$ZodType): string {
  const { schema: inner, nullable } = unwrap(schema);
  const text = plainTypeText(inner);
  return nullable ? `${text}, or null` : text;
}

function plainTypeText(inner: z.core.$ZodType): string {
  const values = valuesOf(inner);
  if (values.length > 0) return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
  const item = itemOf(inner);
  if (item !== null) return `a list, each: ${typeText(item)}`;
  if (recordOf(inner) !== null) return 'a map with names of your own as keys';
  if (inner instanceof z.ZodObject || inner instanceof z.ZodUnion) return 'a map';
  if (inner instanceof z.ZodNumber) return 'a number';
  return 'a text';
}
