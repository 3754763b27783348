import { comparePep440, Pep440Version } from '../../domain/pep440.ts';
import type { IndexFile } from '../../domain/index-page.ts';

/** What stands at the version's place in a file name, in normal form; null where there is no version. */
export function versionIn(fileName: string): Pep440Version | null {
  const written = writtenVersion(fileName);
  return written === null ? null : normalVersion(written);
}

/** Of a wheel the second part of its name, of a source distribution the last. */
function writtenVersion(fileName: string): string | null {
  if (fileName.endsWith('.whl')) {
    const from = fileName.indexOf('-') + 1;
    const to = fileName.indexOf('-', from);
    return from === 0 ? null : fileName.slice(from, to === -1 ? undefined : to);
  }
  const stem = /^(.*)\.(?:tar\.gz|zip)$/.exec(fileName)?.[1] ?? '';
  const dash = stem.lastIndexOf('-');
  return dash === -1 ? null : stem.slice(dash + 1);
}

function normalVersion(written: string): Pep440Version | null {
  // An underscore stands for the dash that a wheel's name cannot hold.
  const version = Pep440Version.safeParse(written.replaceAll('_', '-'));
  return version.success ? version.data : null;
}

/** Each version as files write it, with its place in the order of versions. */
export type VersionPlaces = ReadonlyMap<string, number>;

/** Sorted by version, oldest first, then by name; names without a version stand before all others. */
export function inIndexOrder(files: readonly IndexFile[], places: VersionPlaces): readonly IndexFile[] {
  return files
    .map((file) => ({ file, place: places.get(writtenVersion(file.name) ?? '') ?? 0 }))
    .toSorted((left, right) => left.place - right.place || compareText(left.file.name, right.file.name))
    .map(({ file }) => file);
}

/** The versions of files that stand in the order of the index, each once, oldest first. */
export function versionsOf(files: readonly IndexFile[]): readonly Pep440Version[] {
  const written = new Set(files.map(({ name }) => writtenVersion(name)));
  return [...new Set([...written].flatMap((text) => (text === null ? [] : (normalVersion(text) ?? []))))];
}

/** The versions in names of files. There are many names and few versions, and to read and compare versions costs: it is done once for many pages. */
export function versionPlaces(names: Iterable<string>): VersionPlaces {
  const written = new Set<string>();
  for (const name of names) written.add(writtenVersion(name) ?? '');
  const read = [...written].flatMap((text) => {
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
