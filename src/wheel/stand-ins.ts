import { comparePep440, parsePep440, Pep440Version } from '../domain/pep440.ts';
import type { Requirement } from './requirement.ts';
import { projectName, type ProjectName } from './simple-index/index.ts';

/** An empty package in place of one that is not asked about. */
interface StandIn {
  readonly name: string;
  readonly version: string;
}

const MOST_VERSIONS = 60;
const MOST_NAMES = 1000;

/**
 * Empty packages for everything that wheels require and that is not of the train, in the versions their conditions speak of, so that an
 * installer can answer whether the train's own packages go together. Where no version meets all conditions on one name, that is a true answer
 * too, whoever makes the package.
 */
export function standInsFor(requirements: readonly Requirement[], own: ReadonlySet<ProjectName>): readonly StandIn[] {
  const wanted = new Map<ProjectName, Set<Pep440Version>>();
  for (const { name: written, specifiers } of requirements) {
    const name = projectName(written);
    if (name === null || own.has(name)) continue;
    const versions = wanted.get(name) ?? new Set<Pep440Version>();
    for (const version of versionsAround(specifiers.map(({ version }) => version))) versions.add(version);
    wanted.set(name, versions);
  }
  return [...wanted].slice(0, MOST_NAMES).flatMap(([name, versions]) =>
    [...versions]
      .toSorted(comparePep440)
      .slice(0, MOST_VERSIONS)
      .map((version) => ({ name, version })),
  );
}

/** The versions that conditions name, one just above each, and one below all: `>1.0,<1.1` is met by 1.0.0.0.1, `<2` by 0. */
function versionsAround(named: readonly string[]): readonly Pep440Version[] {
  const texts = ['0', ...named.flatMap((text) => [text, justAbove(text)])];
  return texts.flatMap((text) => {
    const version = text === null ? null : Pep440Version.safeParse(text);
    return version?.success === true ? [version.data] : [];
  });
}

function justAbove(text: string): string | null {
  const parts = parsePep440(text);
  if (parts === null) return null;
  const release = [...parts.release, 0, 0, 0].slice(0, Math.max(4, parts.release.length));
  return `${parts.epoch}!${release.join('.')}.1`;
}
