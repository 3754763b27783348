import { refuse, succeed, type Result } from '../domain/result.ts';
import {
  explainSpecifier,
  parseSpecifiers,
  printSpecifiers,
  type Specifier,
  type SpecifierProblem,
} from '../domain/specifier.ts';
import { parseMarker, printMarker, type Marker } from './marker.ts';
import { isPackageName, normalizeName } from '../domain/package-name.ts';
import { quoted } from './text.ts';

/** What a package needs (PEP 508): `torch[opt]==2.7.0; platform_system == "Linux"`. */
export interface Requirement {
  /** As it is written. */
  readonly writtenName: string;
  /** As names are compared. */
  readonly name: string;
  /** As names are compared, in order. */
  readonly extras: readonly string[];
  readonly specifiers: readonly Specifier[];
  /** Where it is taken from instead of an index; null for most. */
  readonly url: string | null;
  /** Null where it always counts. */
  readonly marker: Marker | null;
}

/** Why a text is no requirement. */
export type RequirementProblem = { readonly text: string } & (
  | { readonly code: 'too-long' }
  | { readonly code: 'bad-name' }
  | { readonly code: 'bad-extras' }
  | { readonly code: 'bad-url' }
  | { readonly code: 'bad-marker'; readonly marker: string }
  | { readonly code: 'bad-specifiers'; readonly specifiers: SpecifierProblem }
);

const LONGEST = 10_000;
const HEAD = /^[ \t]*([a-z0-9][a-z0-9._-]*)[ \t]*(?:\[([^\]]*)\])?[ \t]*/i;

/** Reads a requirement as it stands in Requires-Dist. */
export function parseRequirement(text: string): Result<Requirement, RequirementProblem> {
  if (text.length > LONGEST) return refuse({ code: 'too-long', text: text.slice(0, LONGEST) });
  const head = HEAD.exec(text);
  const writtenName = head?.[1] ?? '';
  if (head === null || !isPackageName(writtenName)) return refuse({ code: 'bad-name', text });
  const extras = extrasOf(head[2]);
  if (extras === null) return refuse({ code: 'bad-extras', text });
  const rest = text.slice(head[0].length);
  const start = { writtenName, name: normalizeName(writtenName), extras };
  return rest.startsWith('@') ? fromUrl(text, start, rest) : fromIndex(text, start, rest);
}

type Start = Pick<Requirement, 'writtenName' | 'name' | 'extras'>;

function extrasOf(text: string | undefined): readonly string[] | null {
  if (text === undefined || text.trim() === '') return [];
  const extras = text.split(',').map((extra) => extra.trim());
  return extras.every(isPackageName) ? [...new Set(extras.map(normalizeName))].toSorted() : null;
}

function fromUrl(text: string, start: Start, rest: string): Result<Requirement, RequirementProblem> {
  const match = /^@[ \t]*([^ \t]+)(?:[ \t]+(?:;(.*))?)?$/s.exec(rest);
  const url = match?.[1];
  if (url === undefined || !/^([a-z][a-z0-9+.-]*:\/\/[^/]|file:)/i.test(url)) return refuse({ code: 'bad-url', text });
  return withMarker(text, { ...start, specifiers: [], url }, match?.[2]);
}

function fromIndex(text: string, start: Start, rest: string): Result<Requirement, RequirementProblem> {
  const semicolon = rest.indexOf(';');
  const written = (semicolon === -1 ? rest : rest.slice(0, semicolon)).trim();
  const inBrackets = written.startsWith('(') && written.endsWith(')');
  const conditions = inBrackets ? written.slice(1, -1) : written;
  const specifiers = parseSpecifiers(conditions);
  if (!specifiers.ok) return refuse({ code: 'bad-specifiers', text, specifiers: specifiers.problems[0] });
  if (/^\s*,|,\s*$|,\s*,/.test(conditions))
    return refuse({ code: 'bad-specifiers', text, specifiers: { code: 'no-operator', clause: '' } });
  const marker = semicolon === -1 ? undefined : rest.slice(semicolon + 1);
  return withMarker(text, { ...start, specifiers: specifiers.value, url: null }, marker);
}

function withMarker(
  text: string,
  requirement: Omit<Requirement, 'marker'>,
  written: string | undefined,
): Result<Requirement, RequirementProblem> {
  if (written === undefined) return succeed({ ...requirement, marker: null });
  const marker = parseMarker(written);
  return marker === null ? refuse({ code: 'bad-marker', text, marker: written }) : succeed({ ...requirement, marker });
}

/** The one text of a requirement: equal ones are equal texts. */
export function printRequirement({ name, extras, specifiers, url, marker }: Requirement): string {
  const bracketed = extras.length === 0 ? '' : `[${extras.join(',')}]`;
  const from = url === null ? printSpecifiers(specifiers) : ` @ ${url}`;
  const when = marker === null ? '' : `${url === null ? '' : ' '}; ${printMarker(marker)}`;
  return `${name}${bracketed}${from}${when}`;
}

/** What is wrong with it, as the end of a sentence. */
export function explainRequirement(problem: RequirementProblem): string {
  const text = quoted(problem.text);
  switch (problem.code) {
    case 'too-long':
      return `a requirement over ${LONGEST} characters is not read`;
    case 'bad-name':
      return `${text} does not begin with a name of a package`;
    case 'bad-extras':
      return `${text} has extras that are no names`;
    case 'bad-url':
      return `${text} has no address after the @`;
    case 'bad-marker':
      return `${text} has a condition after the semicolon that is none (PEP 508)`;
    case 'bad-specifiers':
      return `of ${text}, ${explainSpecifier(problem.specifiers)}`;
  }
}
