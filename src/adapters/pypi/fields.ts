import type { ByteSource } from '../../domain/byte-source.ts';
import { normalizeName } from '../../domain/package-name.ts';
import { Pep440Version } from '../../domain/pep440.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { FileFacts } from '../../ports/artifact-files.ts';
import type { PackageVersion } from '../../ports/package-files.ts';
import { explainFileName, parseWheelFileName } from '../../wheel/file-name.ts';
import { parseHeaders, valuesOf } from '../../wheel/headers.ts';
import { FIELD_NAMES } from '../../wheel/metadata-fields.ts';
import { explainMetadataFile, readMetadataFile } from '../../wheel/simple-index/index.ts';

/** One field of the form. */
export type FormField = readonly [name: string, value: string];

/** What an upload is to be. */
export interface WheelUpload extends FileFacts {
  readonly name: string;
  readonly of: PackageVersion;
  readonly source: ByteSource;
}

/** Bytes of all fields together; descriptions are the longest. */
const LARGEST_FIELDS = 4 * 1024 * 1024;

/** Fields of the form that are not the field of METADATA in small letters with underscores (the published API document, and what its clients send). */
const RENAMED: Readonly<Record<string, string>> = { Classifier: 'classifiers', 'Project-URL': 'project_urls' };

/**
 * The form of the legacy API for a wheel: what the API asks for, and everything that METADATA says, by ranged reads. Refused where the wheel is not of the
 * version that is to be published: then nothing is sent.
 */
export async function formFields(upload: WheelUpload): Promise<Result<readonly FormField[], string>> {
  const name = parseWheelFileName(upload.name);
  if (!name.ok) return refuse(explainFileName(name.problems[0]));
  const read = await readMetadataFile(upload.source);
  if (!read.ok) return refuse(explainMetadataFile(read.problems[0]));
  const text = utf8(read.value.bytes);
  if (text === null) return refuse(`${upload.name}: its METADATA is not UTF-8`);
  const { fields, body } = parseHeaders(text);
  const first = (field: string): string => valuesOf(fields, field)[0]?.value.trim() ?? '';
  const wrong = otherThanPlanned(upload, first('Name'), first('Version'));
  if (wrong !== null) return refuse(wrong);
  const { tags } = name.value;
  const form: FormField[] = [
    [':action', 'file_upload'],
    ['protocol_version', '1'],
    ['filetype', 'bdist_wheel'],
    ['pyversion', tags.python.join('.')],
    ['sha256_digest', upload.digest.slice('sha256:'.length)],
  ];
  for (const field of FIELD_NAMES) {
    for (const { value } of valuesOf(fields, field)) {
      if (value.trim() !== '') form.push([formName(field), value.trim()]);
    }
  }
  if (body.trim() !== '' && first('Description') === '') form.push(['description', body]);
  const bytes = form.reduce((sum, [, value]) => sum + value.length, 0);
  return bytes > LARGEST_FIELDS
    ? refuse(`${upload.name}: its METADATA has more than ${LARGEST_FIELDS} bytes`)
    : succeed(form);
}

function formName(field: string): string {
  return RENAMED[field] ?? field.toLowerCase().replaceAll('-', '_');
}

function otherThanPlanned({ name, of }: WheelUpload, saysName: string, saysVersion: string): string | null {
  if (normalizeName(saysName) !== normalizeName(of.project)) {
    return `${name} says in METADATA that it is of ${saysName === '' ? 'nothing' : saysName}; it is to be published as ${of.project}`;
  }
  const [written, wanted] = [saysVersion, of.version].map((text) => Pep440Version.safeParse(text));
  if (written?.success === true && wanted?.success === true && written.data === wanted.data) return null;
  return `${name} says in METADATA that it is version ${saysVersion === '' ? 'nothing' : saysVersion}; it is to be published as ${of.version}`;
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
