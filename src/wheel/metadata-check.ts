import { Pep440Version } from '../domain/pep440.ts';
import { closest } from '../domain/suggest.ts';
import { valuesOf, type HeaderField } from './headers.ts';
import { FIELD_NAMES, fieldRule, isSince, metadataVersionOf, type MetadataVersion } from './metadata-fields.ts';
import type { MetadataProblem, ValueMistake } from './metadata-problem.ts';
import { isPackageName, normalizeName } from '../domain/package-name.ts';

const REQUIRED = ['Metadata-Version', 'Name', 'Version'] as const;
/** They say which package it is: a build must not leave them open (PEP 643). */
const NEVER_DYNAMIC = new Set(['metadata-version', 'name', 'version', 'dynamic']);
const MOST_PROBLEMS = 1_000;

/** What is wrong with the fields one by one, and with what they say together. Requirements are read elsewhere. */
export function checkFields(fields: readonly HeaderField[], body: string): readonly MetadataProblem[] {
  const declared = metadataVersionOf(valuesOf(fields, 'Metadata-Version')[0]?.value.trim() ?? '');
  const version = declared === 'newer' || declared === 'unknown' ? null : declared;
  const seen = new Set<string>();
  const problems: MetadataProblem[] = REQUIRED.filter((name) => valuesOf(fields, name).length === 0).map((field) => ({
    code: 'missing-field',
    line: null,
    field,
  }));
  for (const field of fields) {
    if (problems.length > MOST_PROBLEMS) break;
    problems.push(...checkName(field, version, seen), ...checkValue(field, version));
    seen.add(field.name.toLowerCase());
  }
  return [...problems, ...checkTogether(fields, body)];
}

function checkName(
  { name, line }: HeaderField,
  declared: MetadataVersion | null,
  seen: ReadonlySet<string>,
): readonly MetadataProblem[] {
  const rule = fieldRule(name);
  if (rule === undefined) return [{ code: 'unknown-field', line, field: name, near: closest(name, FIELD_NAMES) }];
  if (!rule.many && seen.has(name.toLowerCase())) return [{ code: 'field-twice', line, field: rule.name }];
  return declared === null || isSince(rule.since, declared)
    ? []
    : [{ code: 'field-too-new', line, field: rule.name, since: rule.since, declared }];
}

function checkValue(field: HeaderField, declared: MetadataVersion | null): readonly MetadataProblem[] {
  const { line } = field;
  const value = field.value.trim();
  const name = fieldRule(field.name)?.name ?? '';
  if (name === 'Metadata-Version') return metadataVersion(value, line);
  const what = VALUE_CHECKS[name]?.(value, declared) ?? null;
  return what === null ? [] : [{ code: 'bad-value', line, what, value }];
}

type ValueCheck = (value: string, declared: MetadataVersion | null) => ValueMistake | null;

const IMPORT_NAME = /^([\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*(\s*;\s*private)?)?$/u;
const importName: ValueCheck = (value) => (IMPORT_NAME.test(value) ? null : 'bad-import-name');

const VALUE_CHECKS: Readonly<Record<string, ValueCheck>> = {
  Name: (value) => (isPackageName(value) ? null : 'bad-name'),
  Version: (value) => (Pep440Version.safeParse(value).success ? null : 'bad-version'),
  Summary: (value) => (value.includes('\n') ? 'summary-of-several-lines' : null),
  'Provides-Extra': extra,
  'Project-URL': (value) => (/^[^,]{1,32},\s*\S+$/.test(value) ? null : 'bad-project-url'),
  'Description-Content-Type': (value) => (isContentType(value) ? null : 'bad-content-type'),
  Dynamic: (value) => (fieldRule(value) === undefined || NEVER_DYNAMIC.has(value.toLowerCase()) ? 'bad-dynamic' : null),
  'License-Expression': (value) => (isLicenseExpression(value) ? null : 'bad-license-expression'),
  'License-File': (value) => (/^\/|\\|(^|\/)\.\.(\/|$)|^$/.test(value) ? 'bad-license-file' : null),
  'Import-Name': importName,
  'Import-Namespace': importName,
};

function metadataVersion(value: string, line: number): readonly MetadataProblem[] {
  const version = metadataVersionOf(value);
  if (version === 'newer') return [{ code: 'newer-metadata-version', line, value }];
  return version === 'unknown' ? [{ code: 'unknown-metadata-version', line, value }] : [];
}

function extra(value: string, declared: MetadataVersion | null): ValueMistake | null {
  if (!isPackageName(value)) return 'bad-extra';
  return declared !== null && isSince('2.3', declared) && normalizeName(value) !== value ? 'extra-not-normal' : null;
}

function isContentType(value: string): boolean {
  const [type = '', ...parameters] = value.split(';').map((part) => part.trim());
  if (!/^text\/(plain|x-rst|markdown)$/i.test(type)) return false;
  return parameters.every((parameter) => {
    const [key = '', text = ''] = parameter.split('=').map((part) => part.trim().replaceAll('"', ''));
    if (/^charset$/i.test(key)) return /^utf-?8$/i.test(text);
    return /^variant$/i.test(key) && /^text\/markdown$/i.test(type) && /^(GFM|CommonMark)$/.test(text);
  });
}

/** The form alone: which identifiers exist is not known here. */
function isLicenseExpression(value: string): boolean {
  const words = value.replaceAll(/[()]/g, ' $& ').trim().split(/\s+/);
  let depth = 0;
  let wantsOperand = true;
  for (const word of words) {
    const isOperator = /^(AND|OR|WITH)$/i.test(word);
    if (word === '(' || (word !== ')' && !isOperator)) {
      if (!wantsOperand || (word !== '(' && !/^[A-Za-z0-9][A-Za-z0-9.-]*\+?$/.test(word))) return false;
      wantsOperand = word === '(';
    } else {
      if (wantsOperand) return false;
      wantsOperand = isOperator;
    }
    depth += word === '(' ? 1 : word === ')' ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth === 0 && !wantsOperand;
}

function checkTogether(fields: readonly HeaderField[], body: string): readonly MetadataProblem[] {
  const problems: MetadataProblem[] = [];
  const described = valuesOf(fields, 'Description')[0];
  if (described !== undefined && body.trim() !== '')
    problems.push({ code: 'bad-value', line: described.line, what: 'two-descriptions', value: described.value });
  if (valuesOf(fields, 'License-Expression').length > 0) {
    for (const { line, value } of valuesOf(fields, 'License'))
      problems.push({ code: 'bad-value', line, what: 'license-twice', value: value.trim() });
    for (const { line, value } of valuesOf(fields, 'Classifier'))
      if (value.trim().startsWith('License ::'))
        problems.push({ code: 'bad-value', line, what: 'license-classifier', value: value.trim() });
  }
  return problems;
}
