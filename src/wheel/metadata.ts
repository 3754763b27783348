import { Pep440Version } from '../domain/pep440.ts';
import { parseSpecifiers, type Specifier } from '../domain/specifier.ts';
import { parseHeaders, valuesOf, type HeaderField } from './headers.ts';
import { extrasNamed } from './marker.ts';
import { checkFields } from './metadata-check.ts';
import { metadataVersionOf, type FieldName, type MetadataVersion } from './metadata-fields.ts';
import type { MetadataProblem } from './metadata-problem.ts';
import { isPackageName, normalizeName } from '../domain/package-name.ts';
import { parseRequirement, type Requirement } from './requirement.ts';

/** A requirement with the place it was read at. */
export interface PlacedRequirement {
  readonly requirement: Requirement;
  readonly text: string;
  readonly line: number;
}

/** The core metadata of a package, as far as it could be read; null or empty for what is missing or wrong. */
export interface Metadata {
  readonly metadataVersion: MetadataVersion | 'newer' | 'unknown' | null;
  /** As it is written. */
  readonly name: string | null;
  /** As names are compared. */
  readonly normalName: string | null;
  readonly version: Pep440Version | null;
  /** Lines of Name and Version, for findings; null where there is none. */
  readonly lines: { readonly name: number | null; readonly version: number | null };
  readonly summary: string | null;
  readonly description: string;
  readonly contentType: string | null;
  readonly keywords: readonly string[];
  readonly classifiers: readonly { readonly value: string; readonly line: number }[];
  readonly license: string | null;
  readonly licenseExpression: string | null;
  readonly licenseFiles: readonly string[];
  readonly people: { readonly authors: readonly string[]; readonly maintainers: readonly string[] };
  readonly projectUrls: readonly { readonly label: string; readonly url: string }[];
  readonly requiresPython: {
    readonly text: string;
    readonly specifiers: readonly Specifier[];
    readonly line: number;
  } | null;
  readonly requiresDist: readonly PlacedRequirement[];
  readonly extras: readonly string[];
  readonly dynamic: readonly string[];
  readonly importNames: readonly string[];
  readonly importNamespaces: readonly string[];
  readonly problems: readonly MetadataProblem[];
}

/** Reads METADATA: everything that is right in it, and everything that is wrong. */
export function parseMetadata(text: string): Metadata {
  const { fields, body, problems } = parseHeaders(text);
  const first = (name: FieldName): HeaderField | null => valuesOf(fields, name)[0] ?? null;
  const all = (name: FieldName): readonly string[] => valuesOf(fields, name).map((field) => field.value.trim());
  const text_ = (name: FieldName): string | null => first(name)?.value.trim() ?? null;
  const [name, version] = [first('Name'), first('Version')];
  const isName = name !== null && isPackageName(name.value.trim());
  const writtenVersion = text_('Metadata-Version');
  const requirements = requirementsOf(fields);
  const extras = [...new Set(all('Provides-Extra').filter(isPackageName).map(normalizeName))];
  const python = requiresPythonOf(first('Requires-Python'));
  return {
    metadataVersion: writtenVersion === null ? null : metadataVersionOf(writtenVersion),
    name: isName ? name.value.trim() : null,
    normalName: isName ? normalizeName(name.value.trim()) : null,
    version: versionOf(version),
    lines: { name: name?.line ?? null, version: version?.line ?? null },
    summary: text_('Summary'),
    description: body.trim() === '' ? unfolded(first('Description')?.value ?? '') : body,
    contentType: text_('Description-Content-Type'),
    keywords: keywordsOf(text_('Keywords')),
    classifiers: valuesOf(fields, 'Classifier').map(({ value, line }) => ({ value: value.trim(), line })),
    license: text_('License'),
    licenseExpression: text_('License-Expression'),
    licenseFiles: all('License-File'),
    people: {
      authors: [...all('Author'), ...all('Author-email')],
      maintainers: [...all('Maintainer'), ...all('Maintainer-email')],
    },
    projectUrls: all('Project-URL').map(projectUrl),
    requiresPython: python.value,
    requiresDist: requirements.good,
    extras,
    dynamic: all('Dynamic'),
    importNames: all('Import-Name'),
    importNamespaces: all('Import-Namespace'),
    problems: [
      ...problems.map((header) => ({ code: 'header', line: header.line, header }) as const),
      ...checkFields(fields, body),
      ...requirements.problems,
      ...python.problems,
      ...unknownExtras(requirements.good, extras),
    ].toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0)),
  };
}

function versionOf(field: HeaderField | null): Pep440Version | null {
  const parsed = Pep440Version.safeParse(field?.value.trim());
  return parsed.success ? parsed.data : null;
}

/** A description in a header has its further lines marked: by eight blanks, or seven and a bar. */
function unfolded(value: string): string {
  return value.replaceAll(/\n(?: {7}\| ?| {8}|\t)/g, '\n');
}

function keywordsOf(text: string | null): readonly string[] {
  const separator = text?.includes(',') === true ? ',' : /\s+/;
  return (text ?? '')
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `Documentation, https://…`: without a comma it is an address without a label. */
function projectUrl(text: string): { readonly label: string; readonly url: string } {
  const comma = text.indexOf(',');
  return comma === -1
    ? { label: '', url: text }
    : { label: text.slice(0, comma).trim(), url: text.slice(comma + 1).trim() };
}

function requirementsOf(fields: readonly HeaderField[]): {
  readonly good: readonly PlacedRequirement[];
  readonly problems: readonly MetadataProblem[];
} {
  const read = valuesOf(fields, 'Requires-Dist').map(({ value, line }) => {
    const text = value
      .split('\n')
      .map((each) => each.trim())
      .join(' ');
    return { text, line, parsed: parseRequirement(text) };
  });
  return {
    good: read.flatMap(({ text, line, parsed }) => (parsed.ok ? [{ requirement: parsed.value, text, line }] : [])),
    problems: read.flatMap(({ line, parsed }) =>
      parsed.ok ? [] : [{ code: 'bad-requirement', line, requirement: parsed.problems[0] } as const],
    ),
  };
}

function requiresPythonOf(field: HeaderField | null): {
  readonly value: Metadata['requiresPython'];
  readonly problems: readonly MetadataProblem[];
} {
  if (field === null || field.value.trim() === '') return { value: null, problems: [] };
  const { line } = field;
  const text = field.value.trim();
  const parsed = parseSpecifiers(text);
  return parsed.ok
    ? { value: { text, specifiers: parsed.value, line }, problems: [] }
    : {
        value: null,
        problems: [{ code: 'bad-requires-python', line, value: text, specifier: parsed.problems[0] }],
      };
}

function unknownExtras(
  requirements: readonly PlacedRequirement[],
  provided: readonly string[],
): readonly MetadataProblem[] {
  const known = new Set(provided);
  return requirements.flatMap(({ requirement: { marker }, line }) =>
    (marker === null ? [] : extrasNamed(marker))
      .filter((extra) => !known.has(normalizeName(extra)))
      .map((value) => ({ code: 'bad-value', line, what: 'extra-not-provided', value }) as const),
  );
}
