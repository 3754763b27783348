import { explainHeader, parseHeaders, valuesOf, type HeaderField, type HeaderProblem } from './headers.ts';
import { expandTags, explainTags, parseTagSet, type TagProblem } from './tags.ts';

/** The file WHEEL of a wheel. */
export interface WheelFile {
  /** `1.0`. */
  readonly version: string | null;
  readonly generator: string | null;
  /** Whether the files go where pure Python goes; null where it does not say. */
  readonly isPure: boolean | null;
  /** Every tag by itself, in order, none twice. */
  readonly tags: readonly string[];
  readonly build: string | null;
  readonly problems: readonly WheelFileProblem[];
}

/** What is wrong in WHEEL; the line is null where something is missing. */
export type WheelFileProblem =
  | { readonly code: 'header'; readonly line: number; readonly header: HeaderProblem }
  | { readonly code: 'missing'; readonly line: null; readonly field: string }
  | { readonly code: 'twice'; readonly line: number; readonly field: string }
  | { readonly code: 'bad-version'; readonly line: number; readonly value: string }
  | { readonly code: 'newer-version'; readonly line: number; readonly value: string }
  | { readonly code: 'bad-purelib'; readonly line: number; readonly value: string }
  | { readonly code: 'bad-tag'; readonly line: number; readonly tag: TagProblem }
  | { readonly code: 'too-many-tags'; readonly line: number };

/** Each may stand for many; one wheel has a dozen. */
const MOST_TAGS = 200;

/** Reads WHEEL. */
export function parseWheelFile(text: string): WheelFile {
  const { fields, problems } = parseHeaders(text);
  const version = valuesOf(fields, 'Wheel-Version')[0] ?? null;
  const purelib = valuesOf(fields, 'Root-Is-Purelib')[0] ?? null;
  const all = valuesOf(fields, 'Tag');
  const tagFields = all.slice(0, MOST_TAGS).map((field) => ({ field, set: parseTagSet(field.value.trim()) }));
  const tags = tagFields.flatMap(({ set }) => (set.ok ? expandTags(set.value) : []));
  return {
    version: version?.value ?? null,
    generator: valuesOf(fields, 'Generator')[0]?.value ?? null,
    isPure: purelib === null || !/^(true|false)$/i.test(purelib.value) ? null : purelib.value.toLowerCase() === 'true',
    tags: [...new Set(tags)].toSorted(),
    build: valuesOf(fields, 'Build')[0]?.value ?? null,
    problems: [
      ...problems.map((header) => ({ code: 'header', line: header.line, header }) as const),
      ...missing(fields),
      ...repeated(fields),
      ...versionProblems(version),
      ...all.slice(MOST_TAGS, MOST_TAGS + 1).map(({ line }) => ({ code: 'too-many-tags', line }) as const),
      ...(purelib === null || /^(true|false)$/i.test(purelib.value)
        ? []
        : [{ code: 'bad-purelib', line: purelib.line, value: purelib.value } as const]),
      ...tagFields.flatMap(({ field, set }) =>
        set.ok ? [] : [{ code: 'bad-tag', line: field.line, tag: set.problems[0] } as const],
      ),
    ],
  };
}

const REQUIRED = ['Wheel-Version', 'Root-Is-Purelib', 'Tag'] as const;
const SINGLE = ['Wheel-Version', 'Generator', 'Root-Is-Purelib', 'Build'] as const;

function missing(fields: readonly HeaderField[]): readonly WheelFileProblem[] {
  return REQUIRED.filter((field) => valuesOf(fields, field).length === 0).map(
    (field) => ({ code: 'missing', line: null, field }) as const,
  );
}

function repeated(fields: readonly HeaderField[]): readonly WheelFileProblem[] {
  return SINGLE.flatMap((name) =>
    valuesOf(fields, name)
      .slice(1)
      .map((field) => ({ code: 'twice', line: field.line, field: name }) as const),
  );
}

function versionProblems(version: HeaderField | null): readonly WheelFileProblem[] {
  if (version === null) return [];
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(version.value);
  const { line, value } = version;
  if (match === null) return [{ code: 'bad-version', line, value }];
  return match[1] === '1' && match[2] === '0' ? [] : [{ code: 'newer-version', line, value }];
}

/** What is wrong, and what to do. */
export function explainWheelFile(problem: WheelFileProblem): string {
  switch (problem.code) {
    case 'header':
      return explainHeader(problem.header);
    case 'missing':
      return `WHEEL has no ${problem.field}. Build the wheel with a tool that writes it.`;
    case 'twice':
      return `WHEEL has ${problem.field} more than once; tools read different ones.`;
    case 'bad-version':
      return `${JSON.stringify(problem.value.slice(0, 60))} is no version of the wheel format. It is 1.0.`;
    case 'newer-version':
      return `The wheel format ${problem.value} is not 1.0: installers warn of it, or refuse the wheel.`;
    case 'bad-purelib':
      return `Root-Is-Purelib is ${JSON.stringify(problem.value.slice(0, 60))}. Write true or false.`;
    case 'bad-tag':
      return `${explainTags(problem.tag)}.`;
    case 'too-many-tags':
      return `WHEEL has more than ${MOST_TAGS} tags; the rest is not read.`;
  }
}
