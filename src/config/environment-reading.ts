import { inspect } from 'node:util';
import type { z } from 'zod';

/** A secret: prints as `***` wherever it is printed, logged or turned into JSON; only `reveal()` gives it. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

const hidden = (): string => '***';

export function secretOf(text: string): Secret {
  return Object.freeze({ reveal: () => text, toString: hidden, toJSON: hidden, [inspect.custom]: hidden });
}

export interface EnvironmentProblem {
  readonly variable: string;
  readonly text: string;
}

export type Variables = Readonly<Record<string, string | undefined>>;
export type ReadSecretFile = (path: string) => Promise<string>;

/** What reading the environment takes, and the problems met so far. */
export interface Reading {
  readonly variables: Variables;
  readonly readFile: ReadSecretFile;
  readonly problems: EnvironmentProblem[];
}

export function present(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** The variable's value, or what the file holds that `NAME_FILE` names. */
export async function secretIn({ variables, readFile, problems }: Reading, name: string): Promise<string | null> {
  const direct = present(variables[name]);
  const path = present(variables[`${name}_FILE`]);
  if (path === null) return direct;
  if (direct !== null) {
    problems.push({ variable: `${name}_FILE`, text: `is set, and ${name} too; unset one of them` });
    return null;
  }
  try {
    const text = present(await readFile(path));
    if (text === null) problems.push({ variable: `${name}_FILE`, text: `${path} is empty` });
    return text;
  } catch (error) {
    problems.push({
      variable: `${name}_FILE`,
      text: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    });
    return null;
  }
}

interface Check {
  readonly schema: z.ZodType<string>;
  readonly text: string;
}

/** The value, where the schema takes it; the text says what is wrong with it, without showing it. */
export function checked(
  { problems }: Reading,
  variable: string,
  value: string | null,
  { schema, text }: Check,
): string | null {
  if (value === null || schema.safeParse(value).success) return value;
  problems.push({ variable, text });
  return null;
}
