import type { CalendarDate } from '../../../domain/instant.ts';
import { livingMinors, type PythonReleases, supportedPatches } from '../../../domain/python-releases.ts';
import type { PythonRange } from '../../../domain/train/support.ts';
import { compareVersions, Line } from '../../../domain/version.ts';
import type { FoundByRule, SupportChange } from './finding.ts';

export interface PythonJudging {
  readonly line: Line;
  readonly range: PythonRange;
  readonly releases: PythonReleases;
  /** The day the line comes out. */
  readonly day: CalendarDate;
}

/** What a minor of CPython is called without the letter of its free-threaded build. */
function minorOf(build: string): Line {
  return Line.parse(build.replace(/t$/, ''));
}

function isIn({ from, to }: PythonRange, minor: Line): boolean {
  return compareVersions(minorOf(from), minor) <= 0 && compareVersions(minor, minorOf(to)) <= 0;
}

/** What the rules about Python find in the range of a line. */
export function pythonFindings(judging: PythonJudging): readonly FoundByRule[] {
  return [...ended(judging), ...missing(judging), ...patches(judging)];
}

function ended({ line, range, releases, day }: PythonJudging): readonly FoundByRule[] {
  const living = livingMinors(releases, day).filter(({ minor }) => isIn(range, minor));
  return releases.minors.flatMap(({ minor, endOfLife }): readonly FoundByRule[] => {
    const experimental = range.experimental.find((build) => minorOf(build) === minor);
    const inRange = isIn(range, minor);
    if (endOfLife > day || (!inRange && experimental === undefined)) return [];
    const text = `Python ${minor} is end-of-life since ${endOfLife}, and ${line} comes out on ${day}: drop it`;
    const oldest = living[0]?.minor;
    const change: SupportChange | null = !inRange
      ? { kind: 'drop-experimental-python', python: experimental ?? minor }
      : oldest === undefined
        ? null
        : { kind: 'python-range', end: 'from', value: oldest };
    return [{ rule: 'python-eol', subject: `Python ${minor}`, text, change, isNote: false }];
  });
}

function missing({ line, range, releases, day }: PythonJudging): readonly FoundByRule[] {
  return livingMinors(releases, day).flatMap(({ minor, firstRelease }): readonly FoundByRule[] => {
    if (isIn(range, minor)) return [];
    const subject = `Python ${minor}`;
    const isExperimental = range.experimental.includes(minor);
    if (isExperimental) {
      const text = `Python ${minor} is out since ${firstRelease}, and ${line} has it as experimental only`;
      return [{ rule: 'python-missing', subject, text, change: null, isNote: true }];
    }
    const end = compareVersions(minor, minorOf(range.to)) > 0 ? 'to' : 'from';
    const text = `Python ${minor} is out since ${firstRelease} and not end-of-life, and ${line} is not built for it`;
    return [
      { rule: 'python-missing', subject, text, change: { kind: 'python-range', end, value: minor }, isNote: false },
    ];
  });
}

/** A minor all of whose supported patch releases are excluded is promised and cannot be used. */
function patches({ line, range, releases, day }: PythonJudging): readonly FoundByRule[] {
  return releases.minors.flatMap((minor): readonly FoundByRule[] => {
    if (!isIn(range, minor.minor)) return [];
    const { versions } = supportedPatches(minor, day);
    const left = versions.filter((version) => !range.exclude.includes(version));
    if (versions.length === 0 || left.length > 0) return [];
    const text = `${line} excludes ${versions.join(', ')}, which ${versions.length === 1 ? 'is' : 'are'} all that is supported of Python ${minor.minor}`;
    return [{ rule: 'python-patches', subject: `Python ${minor.minor}`, text, change: null, isNote: false }];
  });
}

/** The patch releases of each Python of a line that are supported on a day, newest Python first. */
export interface PythonPatches {
  readonly minor: Line;
  readonly endOfLife: CalendarDate;
  readonly rule: 'latest-bugfix' | 'all-security';
  readonly versions: readonly string[];
}

/** What is promised of the Pythons of a line on a day. */
export function pythonPatches({ range, releases, day }: Omit<PythonJudging, 'line'>): readonly PythonPatches[] {
  return releases.minors
    .filter(({ minor }) => isIn(range, minor))
    .map((minor) => ({ minor: minor.minor, endOfLife: minor.endOfLife, ...supportedPatches(minor, day) }))
    .toReversed();
}
