import { localOf } from '../../domain/pep440.ts';
import type { WheelFileName } from '../file-name.ts';
import { comparePlatformVersions, parsePlatformTag, type PlatformTag, type PlatformVersion } from '../platform-tag.ts';
import { found, type Found } from './checks.ts';
import type { WheelFacts } from './facts.ts';
import { fits, type AcceleratorRule, type PlatformRule, type WheelPolicy } from './policy.ts';
import { few } from './names.ts';

/** What the train, or an index, asks of a wheel beyond its format. */
export function checkPromises(facts: WheelFacts, policy: WheelPolicy): readonly Found[] {
  const { name } = facts;
  return [
    ...(name.ok ? checkPlatforms(name.value, policy) : []),
    ...checkLocal(facts, policy),
    ...(name.ok ? checkAccelerator(facts, name.value, policy) : []),
    ...checkClassifiers(facts, policy),
    ...checkSize(facts, policy),
  ];
}

function checkPlatforms({ tags }: WheelFileName, policy: WheelPolicy): readonly Found[] {
  return tags.platform.flatMap((tag): readonly Found[] => {
    const platform = parsePlatformTag(tag);
    if (platform.kind === 'linux' && policy.toIndex)
      return [
        found(
          'platform-not-public',
          `${tag} says nothing of what the Linux must have, and the index refuses it. Repair the wheel for manylinux, which names the oldest glibc.`,
        ),
      ];
    if (policy.platforms.length === 0 || platform.kind === 'any' || policy.platformTags.includes(tag)) return [];
    // Of several tags for one machine the most modest counts: it takes the oldest.
    const isCovered = tags.platform.some((other) => other !== tag && isModester(parsePlatformTag(other), platform));
    const why = isCovered ? null : brokenPromise(platform, policy.platforms);
    return why === null ? [] : [found('platform-policy', `${tag} ${why}`)];
  });
}

function isModester(other: PlatformTag, than: PlatformTag): boolean {
  if (other.kind !== 'manylinux' || than.kind !== 'manylinux' || other.architecture !== than.architecture) return false;
  return comparePlatformVersions(other.libc, than.libc) < 0;
}

/** Why the promise of the train does not hold, as the end of a sentence that begins with the tag; null where it does. */
function brokenPromise(platform: PlatformTag, rules: readonly PlatformRule[]): string | null {
  const needs = needsOf(platform);
  const rule = rules.find(({ family }) => family === needs?.family);
  const promised = rules.map(({ text }) => text).join('; ');
  if (needs === null || rule === undefined)
    return `is a platform that the train does not promise (${promised}). Build for one that it does, or name it in the train.`;
  const missing = needs.architectures.filter((architecture) => !rule.architectures.includes(architecture));
  if (missing.length > 0)
    return `is for ${missing.join(', ')}, which the train does not promise (${rule.text}). Build for one that it does, or name it in the train.`;
  if (rule.newest === null || needs.version === null || comparePlatformVersions(needs.version, rule.newest) <= 0)
    return null;
  return `asks for ${needs.what} ${needs.version.major}.${needs.version.minor}, and the train promises that ${rule.newest.major}.${rule.newest.minor} is enough (${rule.text}). Build it on an older system.`;
}

/** Windows has a word of its own for what others call x86_64. */
const WINDOWS_NAMES: Readonly<Record<string, string>> = { amd64: 'x86_64' };

interface Needs {
  readonly family: PlatformRule['family'];
  readonly architectures: readonly string[];
  readonly version: PlatformVersion | null;
  readonly what: string;
}

function needsOf(platform: PlatformTag): Needs | null {
  switch (platform.kind) {
    case 'manylinux':
      return { family: 'linux', architectures: [platform.architecture], version: platform.libc, what: 'glibc' };
    case 'linux':
      return { family: 'linux', architectures: [platform.architecture], version: null, what: 'glibc' };
    case 'macos':
      return { family: 'macos', architectures: platform.architectures, version: platform.system, what: 'macOS' };
    case 'windows':
      return {
        family: 'windows',
        architectures: [WINDOWS_NAMES[platform.architecture] ?? platform.architecture],
        version: null,
        what: 'Windows',
      };
    case 'musllinux':
    case 'any':
    case 'other':
      return null;
  }
}

const localText = (where: string, local: string): string =>
  `${where} has the local version +${local}, which the index refuses. Re-version the wheel without it before it goes there.`;

function checkLocal({ name, metadata }: WheelFacts, { toIndex }: WheelPolicy): readonly Found[] {
  if (!toIndex) return [];
  const inName = name.ok ? localOf(name.value.version) : null;
  const version = metadata?.value.version ?? null;
  const inside = version === null ? null : localOf(version);
  return [
    ...(inName === null ? [] : [found('local-version', localText('The file name', inName))]),
    ...(inside === null || metadata === null
      ? []
      : [
          found('local-version', localText('METADATA', inside), {
            entry: metadata.path,
            line: metadata.value.lines.version,
          }),
        ]),
  ];
}

function checkAccelerator(facts: WheelFacts, name: WheelFileName, policy: WheelPolicy): readonly Found[] {
  const wanted = policy.accelerator ?? localOf(name.version);
  if (wanted === null) return [];
  const known = policy.accelerators.filter(({ packages }) => packages.includes(name.name));
  const rule = known.find(({ local }) => fits(local, wanted));
  if (rule === undefined) return [];
  const others = known.filter((other) => other !== rule).map((other) => ({ other, signs: signsOf(other, facts) }));
  const foreign = others.filter(({ signs }) => signs.length > 0);
  const isTold = rule.requires.length + rule.files.length > 0;
  if (isTold && signsOf(rule, facts).length === 0) {
    const instead = foreign.length > 0 ? foreign.map(({ other }) => other.title).join(' and ') : 'CPU';
    return [
      found(
        'accelerator',
        `The wheel is to be for ${rule.title} (${wanted}) and has nothing of it: no requirement of ${rule.requires.join(', ') || 'its own'}, no file ${rule.files.join(', ') || 'of its own'}. It is a ${instead} wheel under that name: find out which build uploaded it, and build the cell again.`,
      ),
    ];
  }
  return foreign
    .filter(({ signs }) => !signs.every((sign) => signsOf(rule, facts).includes(sign)))
    .map(({ other, signs }) =>
      found(
        'accelerator',
        `The wheel is to be for ${rule.title} (${wanted}) and has what ${other.title} wheels have: ${few(signs)}. Find out which build uploaded it, and build the cell again.`,
      ),
    );
}

/** What of the wheel tells that it is for the accelerator. */
function signsOf({ requires, files }: AcceleratorRule, { metadata, entries }: WheelFacts): readonly string[] {
  const required = (metadata?.value.requiresDist ?? [])
    .filter(({ requirement }) => requires.some((pattern) => fits(pattern, requirement.name)))
    .map(({ requirement }) => `it requires ${requirement.writtenName}`);
  const present = entries
    .filter(({ path }) => files.some((pattern) => fits(pattern, path.slice(path.lastIndexOf('/') + 1))))
    .map(({ path }) => path);
  return [...required, ...present];
}

function checkClassifiers({ metadata }: WheelFacts, { unknownClassifiers, toIndex }: WheelPolicy): readonly Found[] {
  if (metadata === null || !toIndex) return [];
  return metadata.value.classifiers
    .filter(({ value }) => unknownClassifiers.some((pattern) => fits(pattern, value)))
    .map(({ value, line }) =>
      found(
        'classifier',
        `The index does not know the classifier "${value.slice(0, 200)}" and refuses the file. Re-version the wheel without it.`,
        { entry: metadata.path, line },
      ),
    );
}

function checkSize({ size }: WheelFacts, { fileLimit }: WheelPolicy): readonly Found[] {
  return fileLimit === null || size <= fileLimit
    ? []
    : [
        found(
          'file-size',
          `The file has ${size} bytes, ${size - fileLimit} over the limit of ${fileLimit}. Ask for a higher limit in time, or make the wheel smaller.`,
        ),
      ];
}
