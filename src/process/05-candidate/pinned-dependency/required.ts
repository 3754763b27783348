import { acceleratorBuilds } from '../../../domain/expected/builds.ts';
import { fileNameOf, type Manifest } from '../../../domain/manifest.ts';
import { pinnedWord, requirementFor, ruleFor, type OutsideDependency } from '../../../domain/train/dependency.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { Line } from '../../../domain/version.ts';
import { parseRequirement, printRequirement } from '../../../wheel/requirement.ts';
import type { PinnedAt, RequiredPackage } from './facts.ts';

/** What the files of a channel have to require, or why that is not known. */
export interface RequiredOf {
  readonly packages: readonly RequiredPackage[];
  readonly faults: readonly string[];
}

/** The requirements of every backend that the line is built for and the train names for the channel, with versions and pin as they stand in core (VER-05). */
export function requiredPackages(
  train: Train,
  dependency: OutsideDependency,
  { line, channel, at }: { readonly line: Line; readonly channel: string; readonly at: PinnedAt },
): RequiredOf {
  const backends = [...new Set(acceleratorBuilds(train, line).map(({ accelerator }) => accelerator))];
  const packages: RequiredPackage[] = [];
  const faults: string[] = [];
  for (const backend of backends) {
    const rule = ruleFor(dependency, { line, channel, backend });
    if (rule === null) continue;
    const file = rule.versionFile ?? dependency.versionFile;
    const version = file === undefined ? null : pinnedWord(at.versions.get(file));
    if (version === null) {
      faults.push(
        file === undefined ? `the train file names no versionFile for ${backend}` : `${file} holds no version`,
      );
      continue;
    }
    const asked = { line, channel, backend, version, pin: at.pin ?? '' };
    const text = requirementFor(dependency, asked)?.requirement ?? '';
    const parsed = parseRequirement(text);
    if (!parsed.ok) {
      faults.push(`"${text.slice(0, 80)}", for ${backend}, is no requirement`);
      continue;
    }
    const { name } = parsed.value;
    const platforms = rule.platforms ?? null;
    packages.push({ backend, text: spelled(text) ?? text, name, version, from: rule.from ?? null, platforms });
  }
  return { packages, faults: [...new Set(faults)] };
}

/** Without its marker, which says on which machines it counts: the platforms of the train say where it must be. */
function spelled(text: string): string | null {
  const parsed = parseRequirement(text);
  return parsed.ok ? printRequirement({ ...parsed.value, marker: null }) : null;
}

/** Files that do not require what they should, in one sentence for all of a kind, and how many do. */
export interface ComparedFiles {
  readonly wrong: readonly string[];
  /** Files of which it was not read what they require. */
  readonly unread: readonly string[];
  readonly right: number;
}

interface Comparing {
  readonly train: Train;
  readonly dependency: OutsideDependency;
  readonly line: Line;
  readonly required: readonly RequiredPackage[];
  readonly packages: readonly string[];
}

/** Holds what the wheels of a candidate require against what they should. */
export function compareFiles({ files }: Pick<Manifest, 'files'>, comparing: Comparing): ComparedFiles {
  const { train, line, packages } = comparing;
  const backends = new Map(acceleratorBuilds(train, line).map(({ name, accelerator }) => [name, accelerator]));
  const names = namesOf(comparing);
  const wrong = new Map<string, string[]>();
  const unread: string[] = [];
  let right = 0;
  for (const file of files) {
    const [name = '', kind, platform = '', accelerator = ''] = file.cell.split('/');
    if (kind !== 'wheel' || !packages.includes(name)) continue;
    const own = comparing.required.find(({ backend }) => backend === backends.get(accelerator)) ?? null;
    const must = own !== null && (own.platforms?.includes(platform) ?? true);
    if (file.requires === null) {
      unread.push(fileNameOf(file));
      continue;
    }
    const fault = faultOf(file.requires, { own, must, names });
    if (fault === null) right += must ? 1 : 0;
    else wrong.set(fault, [...(wrong.get(fault) ?? []), fileNameOf(file)]);
  }
  return { wrong: [...wrong].map(([fault, which]) => `${severally(which)} ${fault}`), unread, right };
}

function severally([first = '', ...rest]: readonly string[]): string {
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}

/** Every name that the dependency has or had for some channel, line and backend: `pytorch-triton` in the release is as wrong as another version. */
function namesOf({ dependency }: Comparing): ReadonlySet<string> {
  const names = dependency.rules.flatMap(({ requirement }) => {
    const head = /^[a-z0-9][a-z0-9._-]*/iu.exec(requirement)?.[0] ?? '';
    const parsed = parseRequirement(head);
    return parsed.ok ? [parsed.value.name] : [];
  });
  return new Set(names);
}

function faultOf(
  requires: readonly string[],
  {
    own,
    must,
    names,
  }: { readonly own: RequiredPackage | null; readonly must: boolean; readonly names: ReadonlySet<string> },
): string | null {
  const found = requires.flatMap((text) => {
    const parsed = parseRequirement(text);
    return parsed.ok && names.has(parsed.value.name) ? [spelled(text) ?? text] : [];
  });
  const others = [...new Set(found)].filter((text) => text !== own?.text);
  if (own === null) return others.length === 0 ? null : `require ${others.join(', ')}, and nothing is to be required`;
  if (others.length > 0) return `require ${others.join(', ')}, not ${own.text}`;
  return must && found.length === 0 ? `do not require ${own.text}` : null;
}
