import { Pep440Version } from '../domain/pep440.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { isPackageName, normalizeName } from '../domain/package-name.ts';
import { quoted } from './text.ts';
import { explainTags, parseTagSet, type TagProblem, type TagSet } from './tags.ts';

/** What the file name of a wheel says (PEP 427, 491; the variant label of PEP 825). */
export interface WheelFileName {
  readonly fileName: string;
  /** As it stands there, `torch_vision`. */
  readonly writtenName: string;
  /** As names are compared, `torch-vision`. */
  readonly name: string;
  /** As it stands there, `1!2.7.0+cu126`. */
  readonly writtenVersion: string;
  readonly version: Pep440Version;
  /** `1` or `20250801post`; null for most. */
  readonly build: string | null;
  readonly tags: TagSet;
  /** Which variant of the tags it is; null for most. */
  readonly variant: string | null;
}

/** Why a file name is not that of a wheel. */
export type FileNameProblem = { readonly fileName: string } & (
  | { readonly code: 'not-a-wheel' }
  | { readonly code: 'too-long'; readonly length: number }
  | { readonly code: 'wrong-parts'; readonly count: number }
  | { readonly code: 'bad-name'; readonly name: string }
  | { readonly code: 'bad-version'; readonly version: string }
  | { readonly code: 'bad-build'; readonly build: string }
  | { readonly code: 'bad-tags'; readonly tags: TagProblem }
);

const LONGEST = 400;
const VARIANT = /^[0-9a-z_.]{1,16}$/;
const BUILD = /^\d[\w.]*$/;

/** Reads `name-version(-build)?-python-abi-platform(-variant)?.whl`. */
export function parseWheelFileName(fileName: string): Result<WheelFileName, FileNameProblem> {
  if (!fileName.endsWith('.whl')) return refuse({ fileName, code: 'not-a-wheel' });
  if (fileName.length > LONGEST) return refuse({ fileName, code: 'too-long', length: fileName.length });
  const parts = fileName.slice(0, -'.whl'.length).split('-');
  const arranged = arrange(parts);
  if (arranged === null) return refuse({ fileName, code: 'wrong-parts', count: parts.length });
  const { writtenName, writtenVersion, build, tags: tagText, variant } = arranged;
  if (!isFileNameName(writtenName)) return refuse({ fileName, code: 'bad-name', name: writtenName });
  const version = Pep440Version.safeParse(writtenVersion);
  if (!version.success || /\s/u.test(writtenVersion))
    return refuse({ fileName, code: 'bad-version', version: writtenVersion });
  if (build !== null && !BUILD.test(build)) return refuse({ fileName, code: 'bad-build', build });
  const tags = parseTagSet(tagText);
  if (!tags.ok) return refuse({ fileName, code: 'bad-tags', tags: tags.problems[0] });
  const name = normalizeName(writtenName);
  return succeed({
    fileName,
    writtenName,
    name,
    writtenVersion,
    version: version.data,
    build,
    tags: tags.value,
    variant,
  });
}

interface Arranged {
  readonly writtenName: string;
  readonly writtenVersion: string;
  readonly build: string | null;
  readonly tags: string;
  readonly variant: string | null;
}

/** Which part is what: a build tag begins with a digit, which no Python tag does; what follows the platform is the variant. */
function arrange(parts: readonly string[]): Arranged | null {
  const [writtenName, writtenVersion, third, ...others] = parts;
  if (writtenName === undefined || writtenVersion === undefined || third === undefined) return null;
  const beginsTags = /^(?:py|cp|pp|ip|jy|graalpy)\d/i.test(third);
  const hasBuild = others.length === 4 || (others.length === 3 && !beginsTags);
  const rest = hasBuild ? others : [third, ...others];
  const [python, abi, platform, variant, ...surplus] = rest;
  if (python === undefined || abi === undefined || platform === undefined || surplus.length > 0) return null;
  if (variant !== undefined && !isVariant(variant)) return null;
  const tags = `${python}-${abi}-${platform}`;
  return { writtenName, writtenVersion, build: hasBuild ? third : null, tags, variant: variant ?? null };
}

const isVariant = (text: string | undefined): boolean => VARIANT.test(text ?? '');

// The ends may be an underscore or a dot here: old tools escaped what they were given.
function isFileNameName(text: string): boolean {
  return /^[a-z0-9._]+$/i.test(text) && !text.includes('__') && isPackageName(text.replaceAll(/^[._]+|[._]+$/g, ''));
}

/** What is wrong with the file name, and what to do. */
export function explainFileName(problem: FileNameProblem): string {
  const fileName = quoted(problem.fileName);
  const shape = 'name-version(-build)-python-abi-platform.whl';
  switch (problem.code) {
    case 'not-a-wheel':
      return `${fileName} does not end in .whl: give the file of a wheel.`;
    case 'too-long':
      return `The file name has ${problem.length} characters; more than ${LONGEST} are not read.`;
    case 'wrong-parts':
      return `${fileName} has ${problem.count} parts between hyphens where ${shape} has 5 or 6 (7 with a variant). A hyphen in the name or version must be an underscore.`;
    case 'bad-name':
      return `${fileName}: ${quoted(problem.name)} is not a name as wheels write it: letters, digits, dots and single underscores.`;
    case 'bad-version':
      return `${fileName}: ${quoted(problem.version)} is not a Python version (PEP 440).`;
    case 'bad-build':
      return `${fileName}: the build tag ${quoted(problem.build)} does not begin with a digit.`;
    case 'bad-tags':
      return `${fileName}: ${explainTags(problem.tags)}.`;
  }
}
