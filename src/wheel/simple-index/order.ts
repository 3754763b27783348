import { comparePep440, Pep440Version } from '../../domain/pep440.ts';
import type { IndexFile } from '../../domain/index-page.ts';

/** What stands at the version's place in a file name, in normal form; null where there is no version. */
export function versionIn(fileName: string): Pep440Version | null {
  const written = writtenVersion(fileName);
  return written === null ? null : normalVersion(written);
}

/** Of a wheel the second part of its name, of a source distribution the last. */
function writtenVersion(fileName: string): string | null {
  if (fileName.endsWith('.whl')) return fileName.split('-')[1] ?? null;
  const stem = /^(.*)\.(?:tar\.gz|zip)$/.exec(fileName)?.[1] ?? '';
  const dash = stem.lastIndexOf('-');
  return dash === -1 ? null : stem.slice(dash + 1);
}

function normalVersion(written: string): Pep440Version | null {
  // An underscore stands for the dash that a wheel's name cannot hold.
  const version = Pep440Version.safeParse(written.replaceAll('_', '-'));
  return version.success ? version.data : null;
}

/** Sorted by version, oldest first, then by name; names without a version stand before all others. */
export function inIndexOrder(files: readonly IndexFile[]): readonly IndexFile[] {
  const places = versionPlaces(files.map(({ name }) => name));
  return files
    .map((file) => ({ file, place: places.get(writtenVersion(file.name) ?? '') ?? 0 }))
    .toSorted((left, right) => left.place - right.place || compareText(left.file.name, right.file.name))
    .map(({ file }) => file);
}

/** The versions of the files, each once, oldest first. */
export function versionsOf(files: readonly IndexFile[]): readonly Pep440Version[] {
  const written = new Set(files.map(({ name }) => writtenVersion(name)));
  const versions = [...written].flatMap((text) => (text === null ? [] : (normalVersion(text) ?? [])));
  return [...new Set(versions)].toSorted((left, right) => comparePep440(left, right) || compareText(left, right));
}

/** Each written version with its place in the order. Pages hold hundreds of files of few versions, and reading a version costs. */
function versionPlaces(names: readonly string[]): ReadonlyMap<string, number> {
  const written = [...new Set(names.map((name) => writtenVersion(name) ?? ''))];
  const read = written.flatMap((text) => {
    const version = normalVersion(text);
    return version === null ? [] : [{ text, version }];
  });
  read.sort((left, right) => comparePep440(left.version, right.version));
  const places = new Map<string, number>();
  let place = 0;
  let last: Pep440Version | null = null;
  for (const { text, version } of read) {
    if (last === null || comparePep440(last, version) !== 0) place += 1;
    places.set(text, place);
    last = version;
  }
  return places;
}

/** By UTF-16 code units: the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
