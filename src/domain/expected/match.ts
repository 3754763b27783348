import { Pep440Version, withoutLocal } from '../pep440.ts';
import type { ExpectedCell } from './expectation.ts';
import { escapeName } from '../package-name.ts';

/** Tells which cell a file is for, by its name. */
export interface CellFinder {
  /** The cell; null for a file that is no cell's, or of several. */
  find(file: string): ExpectedCell | null;
  /** Whether the name promises something of this release: what is found so and is no cell's is surplus. */
  isOfRelease(file: string): boolean;
}

/** Finds among the cells of one kind. */
export function cellFinder(cells: readonly ExpectedCell[]): CellFinder {
  const exact = new Map<string, ExpectedCell>();
  const patterns: { readonly cell: ExpectedCell; readonly pattern: RegExp }[] = [];
  const known = new Set<string>();
  const distributions = new Set<string>();
  const families: RegExp[] = [];
  for (const cell of cells) {
    for (const name of [cell.file, ...cell.others]) {
      const [form = name] = wheelForms(name) ?? [];
      if (name.includes('*')) patterns.push({ cell, pattern: globPattern(name) });
      else exact.set(form, cell);
    }
    if (cell.cell.kind === 'wheel') {
      distributions.add(escapeName(cell.cell.package));
      known.add(`${escapeName(cell.cell.package)}-${withoutLocal(cell.version)}`);
    } else families.push(familyPattern(cell));
  }
  // A channel holds wheels of many packages: most are told apart by their first word, before anything is parsed.
  const isOther = (file: string): boolean => file.endsWith('.whl') && !distributions.has(distributionOf(file));
  return {
    find: (file) => {
      if (isOther(file)) return null;
      const forms = wheelForms(file) ?? [file];
      const found = new Set(
        forms.map((form) => exact.get(form) ?? patterns.find(({ pattern }) => pattern.test(form))?.cell),
      );
      const [only] = found;
      return found.size === 1 && only !== undefined ? only : null;
    },
    isOfRelease: (file) => {
      if (isOther(file)) return false;
      const wheel = wheelSays(file);
      return wheel === null
        ? families.some((family) => family.test(file))
        : known.has(`${wheel.distribution}-${withoutLocal(wheel.version)}`);
    },
  };
}

/** What a wheel's name begins with. */
export function distributionOf(file: string): string {
  const end = file.indexOf('-');
  return escapeName(end < 0 ? file : file.slice(0, Math.min(end, MOST_LETTERS)));
}

/** Any file of the same make and release, whatever comes after the release in its name. */
function familyPattern({ file, version }: ExpectedCell): RegExp {
  const release = withoutLocal(version);
  const at = file.indexOf(release);
  const ending = /(?:\.tar)?\.[a-z0-9]+$/.exec(file)?.[0] ?? '';
  if (at < 0) return globPattern(file);
  return new RegExp(`^${quoted(file.slice(0, at + release.length))}(?!\\d)[^/]*${quoted(ending)}$`);
}

function quoted(text: string): string {
  return text.replaceAll(/[.+^${}()|[\]\\*]/g, String.raw`\$&`);
}

function globPattern(glob: string): RegExp {
  return new RegExp(`^${glob.split(/\*+/).map(quoted).join('[^/]*')}$`);
}

/** Distribution and version that a wheel's name says; null for what is no wheel's name. */
export function wheelSays(
  file: string,
): { readonly distribution: string; readonly version: Pep440Version; readonly tags: string } | null {
  const [form] = wheelForms(file) ?? [];
  if (form === undefined) return null;
  const [distribution = '', version = '', ...tags] = form.slice(0, -'.whl'.length).split('-');
  return { distribution, version: Pep440Version.parse(version), tags: tags.join('-') };
}

/** A name with all that is easily confused made one: hyphens, underscores, dots and plus signs, capitals. */
export function looseName(file: string): string {
  return file.toLowerCase().replaceAll(/(?:%2b|[-_.+])+/g, '-');
}

/**
 * Every single wheel that a name promises, each as one text with all spelled the one way: compressed tag sets taken apart, build tag left out,
 * distribution and version in normal form. Null for what is no wheel's name.
 */
export function wheelForms(file: string): readonly string[] | null {
  const parts = file.endsWith('.whl') && file.length <= MOST_LETTERS ? file.slice(0, -'.whl'.length).split('-') : [];
  const [build] = parts.length === 6 ? parts.slice(2, 3) : [];
  if ((parts.length !== 5 && parts.length !== 6) || (build !== undefined && !/^\d/.test(build))) return null;
  const [distribution = '', version = ''] = parts;
  const [pythons = '', abis = '', platforms = ''] = parts.slice(-3);
  const normal = Pep440Version.safeParse(version);
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?$/.test(distribution) || !normal.success) return null;
  const sets = [pythons, abis, platforms].map((set) => set.split('.'));
  // Counted before they are written out: a name made to blow up is none.
  if (sets.reduce((product, set) => product * set.length, 1) > MOST_FORMS) return null;
  const tags = sets.reduce<readonly string[]>(
    (heads, set) => heads.flatMap((head) => set.map((tag) => `${head}-${tag}`)),
    [''],
  );
  return tags.map((tag) => `${escapeName(distribution)}-${normal.data}${tag}.whl`);
}

const MOST_LETTERS = 1000;
/** A real wheel has a handful. */
const MOST_FORMS = 64;
