import { parsePep440, type Pep440Version } from '../domain/pep440.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { repoLine } from '../domain/train/naming.ts';
import { holdsFor } from '../domain/train/span.ts';
import type { Train } from '../domain/train/train.ts';
import { Line } from '../domain/version.ts';
import { FORMAT_ONLY, type AcceleratorRule, type PlatformRule, type WheelPolicy } from '../wheel/check/policy.ts';
import { normalizeName } from '../domain/package-name.ts';
import { parsePlatformFloor, type PlatformVersion } from '../wheel/platform-tag.ts';
import type { AppProblem } from './problem.ts';

/** What is asked of a wheel besides what the train says of all. */
export interface WheelPlace {
  /** The channel it lies in or goes to; null when that is not told. */
  readonly channel: string | null;
  /** The accelerator it is to be for, as local versions name it: cu126. Null: what its version says. */
  readonly accelerator: string | null;
}

/** A wheel as far as the policy depends on it. */
export interface WheelKind {
  readonly name: string;
  readonly version: Pep440Version;
}

/** What the train asks of a wheel: of its own line where the package and version tell it, of every line otherwise. Null for no train: the formats alone. */
export function wheelPolicy(train: Train | null, place: WheelPlace, wheel: WheelKind | null): WheelPolicy {
  if (train === null) return { ...FORMAT_ONLY, accelerator: place.accelerator };
  const line = wheel === null ? null : lineOfWheel(train, wheel);
  const index = indexOf(train, place.channel, line);
  const raised = index?.limits?.raised.find((each) => normalizeName(each.package) === wheel?.name);
  return {
    toIndex: index !== null,
    platforms: train.support.operatingSystems.flatMap(platformRule),
    platformTags: buildTags(train, line),
    accelerators: acceleratorRules(train),
    accelerator: place.accelerator,
    unknownClassifiers: train.wheels.unknownClassifiers,
    fileLimit: raised?.file ?? index?.limits?.file ?? null,
    topLevel: new Map(Object.entries(train.wheels.topLevel).map(([name, tops]) => [normalizeName(name), tops])),
    companions: train.wheels.companions
      .filter((each) => line === null || holdsFor(each, line))
      .map((each) => ({ package: normalizeName(each.package), requires: normalizeName(each.requires) })),
    varying: train.wheels.varying,
  };
}

/** The channel that a person named, held to the train. */
export function parseChannel(train: Train | null, named: string | null): Result<string | null, AppProblem> {
  if (named === null) return succeed(null);
  const known = Object.keys(train?.channels ?? {});
  if (known.includes(named)) return succeed(named);
  const text =
    train === null
      ? `The channel ${named} is one of a train, and there is no train file here. Name one: --train FILE, or --train pytorch`
      : `The train has no channel ${named}; it has ${known.join(', ')}.`;
  return refuse({ kind: 'usage', code: 'unknown-channel', text });
}

/** The line of the train that a package's version belongs to; null where the train does not say one. */
function lineOfWheel(train: Train, { name, version }: WheelKind): Line | null {
  const repo = Object.values(train.repos).find(({ packages }) => packages.some((each) => normalizeName(each) === name));
  const [major, minor] = parsePep440(version)?.release ?? [];
  if (repo === undefined) return null;
  const own = `${major ?? 0}.${minor ?? 0}`;
  const lines = Object.keys(train.support.lines).map((line) => Line.parse(line));
  return lines.find((line) => repoLine(repo, line) === own) ?? null;
}

type IndexPlace = Train['channels'][string]['places'][number];

/** Where in the channel a package index is; null for a channel that has none. */
function indexOf(train: Train, channel: string | null, line: Line | null): IndexPlace | null {
  const places = channel === null ? [] : (train.channels[channel]?.places ?? []);
  return places.find((place) => place.store === 'package-index' && (line === null || holdsFor(place, line))) ?? null;
}

function platformRule(system: Train['support']['operatingSystems'][number]): readonly PlatformRule[] {
  const family = /linux/i.test(system.family)
    ? 'linux'
    : /mac/i.test(system.family)
      ? 'macos'
      : /windows/i.test(system.family)
        ? 'windows'
        : null;
  if (family === null) return [];
  const { architectures, floor, platformTag } = system;
  const named = platformTag === undefined ? null : (parsePlatformFloor(platformTag)?.floor ?? null);
  const known = floor === undefined || family === 'windows' ? null : numbersOf(floor.version);
  const text = `${system.family} on ${architectures.join(', ')}${platformTag === undefined ? '' : `, ${platformTag}`}${floor === undefined ? '' : `, ${floor.what} ${floor.version}`}`;
  return [{ family, architectures, newest: named ?? known, text }];
}

function numbersOf(text: string): PlatformVersion | null {
  const match = /^(\d{1,3})(?:\.(\d{1,3}))?/.exec(text);
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2] ?? 0) };
}

/** The platform tags of the train's own builds on a line. */
function buildTags({ artifacts }: Train, line: Line | null): readonly string[] {
  return Object.values(artifacts.platforms)
    .flatMap(({ wheels }) => wheels.filter((entry) => line !== null && holdsFor(entry, line)))
    .flatMap(({ tags }) => tags.flatMap((tag) => (tag.split('-')[2] ?? '').split('.')));
}

function acceleratorRules({ artifacts, wheels }: Train): readonly AcceleratorRule[] {
  return Object.entries(wheels.signs).flatMap(([key, { packages, requires, files }]) => {
    const accelerator = artifacts.accelerators[key];
    if (accelerator === undefined) return [];
    const local = accelerator.name.replaceAll(/\{\w+\}/g, '*');
    return [{ title: accelerator.title, local, packages: packages.map(normalizeName), requires, files }];
  });
}
