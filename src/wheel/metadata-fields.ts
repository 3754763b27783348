/** Versions of the core metadata, oldest first. */
export const METADATA_VERSIONS = ['1.0', '1.1', '1.2', '2.1', '2.2', '2.3', '2.4', '2.5'] as const;
export type MetadataVersion = (typeof METADATA_VERSIONS)[number];

interface FieldRule {
  readonly since: MetadataVersion;
  /** May stand several times. */
  readonly many: boolean;
}

const one = (since: MetadataVersion): FieldRule => ({ since, many: false });
const many = (since: MetadataVersion): FieldRule => ({ since, many: true });

/** Every field of the core metadata. */
const FIELDS = {
  'Metadata-Version': one('1.0'),
  Name: one('1.0'),
  Version: one('1.0'),
  Platform: many('1.0'),
  Summary: one('1.0'),
  Description: one('1.0'),
  Keywords: one('1.0'),
  'Home-page': one('1.0'),
  Author: one('1.0'),
  'Author-email': one('1.0'),
  License: one('1.0'),
  'Supported-Platform': many('1.1'),
  'Download-URL': one('1.1'),
  Classifier: many('1.1'),
  Requires: many('1.1'),
  Provides: many('1.1'),
  Obsoletes: many('1.1'),
  Maintainer: one('1.2'),
  'Maintainer-email': one('1.2'),
  'Requires-Dist': many('1.2'),
  'Provides-Dist': many('1.2'),
  'Obsoletes-Dist': many('1.2'),
  'Requires-Python': one('1.2'),
  'Requires-External': many('1.2'),
  'Project-URL': many('1.2'),
  'Description-Content-Type': one('2.1'),
  'Provides-Extra': many('2.1'),
  Dynamic: many('2.2'),
  'License-Expression': one('2.4'),
  // Part of 2.4; setuptools wrote it with 2.1 for years, and every reader takes it.
  'License-File': many('2.1'),
  'Import-Name': many('2.5'),
  'Import-Namespace': many('2.5'),
} as const satisfies Readonly<Record<string, FieldRule>>;

export type FieldName = keyof typeof FIELDS;

const BY_LOWER_CASE = new Map<string, { readonly name: string } & FieldRule>(
  Object.entries(FIELDS).map(([name, rule]) => [name.toLowerCase(), { name, ...rule }]),
);

/** The names of all fields. */
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS);

/** The field of this name, whatever its case; undefined for one that the core metadata does not know. */
export function fieldRule(name: string): ({ readonly name: string } & FieldRule) | undefined {
  return BY_LOWER_CASE.get(name.toLowerCase());
}

/** Whether a field that came with `since` is part of `declared`. */
export function isSince(since: MetadataVersion, declared: MetadataVersion): boolean {
  return METADATA_VERSIONS.indexOf(since) <= METADATA_VERSIONS.indexOf(declared);
}

/** What a file says its version is: one of those known, a later one of the same kind, or none. */
export function metadataVersionOf(text: string): MetadataVersion | 'newer' | 'unknown' {
  const known = METADATA_VERSIONS.find((version) => version === text);
  if (known !== undefined) return known;
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(text);
  const newest = METADATA_VERSIONS[METADATA_VERSIONS.length - 1]?.split('.') ?? [];
  return match?.[1] === newest[0] && Number(match?.[2]) > Number(newest[1]) ? 'newer' : 'unknown';
}
