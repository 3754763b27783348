import { admits } from '../../domain/specifier.ts';
import { comparePep440, localOf, Pep440Version, withoutLocal } from '../../domain/pep440.ts';
import type { Metadata, PlacedRequirement } from '../metadata.ts';
import { printRequirement } from '../requirement.ts';
import { found, type Finding, type Found } from './checks.ts';
import type { WheelFacts } from './facts.ts';
import { few } from './names.ts';
import { fits, type WheelPolicy } from './policy.ts';

/** What of a wheel is held against others; a train has hundreds of them, with ten thousand entries each. */
export interface TogetherFacts extends Pick<WheelFacts, 'fileName'> {
  readonly metadata: {
    readonly path: string;
    readonly value: Pick<Metadata, 'normalName' | 'version' | 'requiresDist'>;
  } | null;
}

interface Known {
  readonly facts: TogetherFacts;
  readonly name: string;
  readonly version: Pep440Version;
  readonly requires: readonly PlacedRequirement[];
  readonly path: string;
}

/** What is wrong between several wheels of a train: versions, requirements over the cells, and what the packages require of each other. */
export function checkTogether(wheels: readonly TogetherFacts[], policy: WheelPolicy): readonly Finding[] {
  const known = wheels.flatMap((facts): readonly Known[] => {
    const { metadata } = facts;
    if (metadata === null || metadata.value.normalName === null || metadata.value.version === null) return [];
    const { normalName: name, version, requiresDist: requires } = metadata.value;
    return [{ facts, name, version, requires, path: metadata.path }];
  });
  const packages = Map.groupBy(known, ({ name }) => name);
  return [
    ...[...packages.values()].flatMap((cells) => [...disagreeing(cells), ...differing(cells, policy)]),
    ...known.flatMap((wheel) => checkCompanions(wheel, packages, policy)),
  ];
}

const inWheel = ({ facts }: Known, finding: Found): Finding => ({ ...finding, wheel: facts.fileName });

/** One version over the cells of a package, the local version aside. */
function disagreeing(cells: readonly Known[]): readonly Finding[] {
  const byVersion = Map.groupBy(cells, ({ version }) => withoutLocal(version));
  const most = [...byVersion].toSorted(([, left], [, right]) => right.length - left.length)[0];
  if (byVersion.size < 2 || most === undefined) return [];
  const [version, agreeing] = most;
  return cells
    .filter((cell) => withoutLocal(cell.version) !== version)
    .map((cell) =>
      inWheel(
        cell,
        found(
          'versions-disagree',
          `It is ${cell.name} ${cell.version}; ${agreeing.length} of ${cells.length} wheels of the package are ${version}. Take all from one candidate.`,
          { entry: cell.path },
        ),
      ),
    );
}

/** The same requirements over the cells of a package, but for those that differ by platform and accelerator. */
function differing(cells: readonly Known[], { varying }: WheelPolicy): readonly Finding[] {
  const texts = cells.map((cell) => ({
    cell,
    requires: cell.requires
      .filter(({ requirement }) => !varying.some((pattern) => fits(pattern, requirement.name)))
      .map(({ requirement }) => withoutOwnLocal(printRequirement(requirement), cell.version)),
  }));
  const groups = Map.groupBy(texts, ({ requires }) => [...new Set(requires)].toSorted().join('\n'));
  const most = [...groups.values()].toSorted((left, right) => right.length - left.length)[0];
  const usual = new Set(most?.[0]?.requires);
  if (groups.size < 2 || most === undefined) return [];
  return texts
    .filter((each) => !most.includes(each))
    .map(({ cell, requires }) => {
      const mine = new Set(requires);
      const [more, less] = [requires.filter((each) => !usual.has(each)), [...usual].filter((each) => !mine.has(each))];
      const how = [
        ...(more.length > 0 ? [`requires ${few(more)}`] : []),
        ...(less.length > 0 ? [`does not require ${few(less)}`] : []),
      ].join(' and ');
      return inWheel(
        cell,
        found(
          'requirements-disagree',
          `It ${how}, unlike ${most.length} of ${cells.length} wheels of ${cell.name}. Build the cell again, or name the requirement in the train as one that varies.`,
          { entry: cell.path },
        ),
      );
    });
}

/** A wheel of cu126 may require another of cu126: over the cells that is one requirement. */
function withoutOwnLocal(text: string, version: Pep440Version): string {
  const local = localOf(version);
  return local === null ? text : text.replaceAll(`+${local}`, '');
}

/** Requirements of one package of the train on another: at exactly its version where the train says so, and met by it in any case. */
function checkCompanions(
  wheel: Known,
  packages: ReadonlyMap<string, readonly Known[]>,
  { companions }: WheelPolicy,
): readonly Finding[] {
  const asked = companions.filter((each) => each.package === wheel.name).map(({ requires }) => requires);
  const missing = asked
    .filter((name) => !wheel.requires.some(({ requirement }) => requirement.name === name))
    .map((name) =>
      found(
        'companion-version',
        `${wheel.name} does not require ${name} at all; in this train it must, at exactly its version. Build it against the candidate of ${name}.`,
        { entry: wheel.path },
      ),
    );
  const wrong = wheel.requires.flatMap(({ requirement, text, line }) => {
    const versions = [...new Set((packages.get(requirement.name) ?? []).map(({ version }) => withoutLocal(version)))];
    const [version] = versions;
    if (version === undefined || versions.length > 1 || requirement.name === wheel.name) return [];
    const isAsked = asked.includes(requirement.name);
    if (isAsked ? isExactly(requirement.specifiers, version) : admits(requirement.specifiers, version)) return [];
    const place = { entry: wheel.path, line };
    return [
      found(
        'companion-version',
        `It requires "${text.slice(0, 200)}", and the train's is ${requirement.name} ${version}${isAsked ? ', which must be required exactly' : ''}. Build it against that candidate.`,
        place,
      ),
    ];
  });
  return [...missing, ...wrong].map((each) => inWheel(wheel, each));
}

function isExactly(specifiers: PlacedRequirement['requirement']['specifiers'], version: Pep440Version): boolean {
  const [only, ...others] = specifiers;
  if (only === undefined || others.length > 0 || only.operator !== '==' || only.prefix) return false;
  // torch==2.7.0+cu126 names the same release as torch==2.7.0.
  return comparePep440(withoutLocal(Pep440Version.parse(only.version)), version) === 0;
}
