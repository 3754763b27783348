import { holdsFor } from '../../../domain/train/span.ts';
import type { Support, SupportColumn, SupportLine } from '../../../domain/train/support.ts';
import type { Line } from '../../../domain/version.ts';
import { parsePlatformFloor } from '../../../wheel/platform-tag.ts';
import type { FoundByRule } from './finding.ts';

/** `12.6.3` to [12, 6]: the minor of an accelerator's version; null where it has none. */
function minorOf(version: string): readonly [number, number] | null {
  const [, major, minor] = /^(\d{1,6})\.(\d{1,6})(?:\.\d{1,6})*$/.exec(version) ?? [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
}

type BuildsColumn = Extract<SupportColumn, { kind: 'builds' }>;

/** Versions of each accelerator that a line is built for, in every column. */
function versionsOf({ columns }: Support, line: Line, facts: SupportLine): ReadonlyMap<string, readonly string[]> {
  const builds = columns.filter((column): column is BuildsColumn => column.kind === 'builds' && holdsFor(column, line));
  const all = new Map<string, readonly string[]>();
  for (const { id, accelerator } of builds) {
    const own = (facts.builds[id] ?? []).flatMap(({ versions }) => versions);
    all.set(accelerator, [...new Set([...(all.get(accelerator) ?? []), ...own])]);
  }
  return all;
}

/** Accelerators of which a line is built for more than the latest minors. Seed: "Accelerator Software". */
export function acceleratorFindings(support: Support, line: Line, facts: SupportLine): readonly FoundByRule[] {
  const most = support.policy.accelerators.latestMinors;
  return [...versionsOf(support, line, facts)].flatMap(([accelerator, versions]): readonly FoundByRule[] => {
    const read = versions.flatMap((version) => {
      const minor = minorOf(version);
      return minor === null ? [] : [{ version, minor, key: minor.join('.') }];
    });
    const newestFirst = read.toSorted((a, b) => b.minor[0] - a.minor[0] || b.minor[1] - a.minor[1]);
    const minors = [...new Set(newestFirst.map(({ key }) => key))];
    const latest = new Set(minors.slice(0, most));
    return newestFirst
      .filter(({ key }) => !latest.has(key))
      .map(({ version }) => ({
        rule: 'accelerator-minors' as const,
        subject: `${accelerator} ${version}`,
        text: `${accelerator} ${version} is none of the latest ${most} minors of ${accelerator} that ${line} is built for (${minors.join(', ')})`,
        change: { kind: 'drop-accelerator' as const, accelerator, version },
        isNote: false,
      }));
  });
}

/** Systems whose platform tag promises something else than their floor. Seed: "Operating Systems"; PEP 600. */
export function systemFindings({ operatingSystems }: Support): readonly FoundByRule[] {
  return operatingSystems.flatMap(({ family, floor, platformTag }): readonly FoundByRule[] => {
    if (floor === undefined || platformTag === undefined) return [];
    const rule = parsePlatformFloor(platformTag);
    const [major = Number.NaN, minor = 0] = floor.version.split('.').map(Number);
    if (rule === null || (rule.floor.major === major && rule.floor.minor === minor)) return [];
    const asks = `${floor.what} ${rule.floor.major}.${rule.floor.minor}`;
    const text = `wheels of ${family} are ${platformTag}, which is ${asks}, and the floor is ${floor.what} ${floor.version}`;
    return [{ rule: 'os-floor', subject: family, text, change: null, isNote: false }];
  });
}
