import { livingMinors, type PythonReleases, readPythonReleases } from '../domain/python-releases.ts';
import { dateOf, type Instant } from '../domain/instant.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { Observed } from '../domain/observation.ts';
import type { AppProblem } from './problem.ts';

/** What other data about CPython would change. */
export interface PythonDifference {
  readonly asOf: { readonly before: string | null; readonly after: string };
  /** One sentence each: a minor that is new, an end that moved. */
  readonly changes: readonly string[];
}

/** Holds new data against what is used now; data that is older than that, or has lost a minor that lives, is refused. */
export function comparePythonReleases(
  text: string,
  {
    source,
    before,
    now,
  }: { readonly source: string; readonly before: Observed<PythonReleases>; readonly now: Instant },
): Result<PythonDifference, AppProblem> {
  const read = readPythonReleases(text);
  if (!read.ok) return no(`${source} ${read.reason}. Nothing was changed.`);
  const { releases } = read;
  const old = before.known ? before.value : null;
  if (old !== null && releases.asOf < old.asOf) {
    return no(
      `${source} knows releases until ${releases.asOf}; what is used now knows them until ${old.asOf}. Nothing was changed.`,
    );
  }
  const has = new Map(releases.minors.map((minor) => [minor.minor, minor]));
  const lost = old === null ? [] : livingMinors(old, dateOf(now)).filter(({ minor }) => !has.has(minor));
  if (lost.length > 0)
    return no(
      `${source} does not name Python ${lost.map(({ minor }) => minor).join(', ')}, which is not end-of-life. Nothing was changed.`,
    );
  return succeed({
    asOf: { before: old?.asOf ?? null, after: releases.asOf },
    changes: releases.minors.flatMap((after): readonly string[] => {
      const was = old?.minors.find(({ minor }) => minor === after.minor);
      if (was === undefined) return old === null ? [] : [`Python ${after.minor} is new: until ${after.endOfLife}`];
      return [
        ...(was.endOfLife === after.endOfLife
          ? []
          : [`Python ${after.minor} ends ${after.endOfLife}, not ${was.endOfLife}`]),
        ...(was.endOfBugfix === after.endOfBugfix
          ? []
          : [`Python ${after.minor} gets bug fixes until ${after.endOfBugfix}, not ${was.endOfBugfix}`]),
      ];
    }),
  });
}

function no(text: string): Result<never, AppProblem> {
  return refuse({ kind: 'refused', code: 'python-releases', text });
}
