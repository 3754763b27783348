import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PYTHON_RELEASES_FILE, pythonReleasesFor } from '../config/python-releases-file.ts';
import { SIZE_LIMIT } from '../config/file-text.ts';
import { shippedPresets } from '../config/sources.ts';
import { livingMinors, type PythonReleases, readPythonReleases } from '../domain/python-releases.ts';
import { dateOf, type Instant } from '../domain/instant.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { Observed } from '../domain/observation.ts';
import { readNamed } from './compose-sources.ts';
import type { AppProblem } from './problem.ts';
import { writeWhole } from './write-whole.ts';

/** What other data about CPython would change. */
export interface PythonDifference {
  readonly asOf: { readonly before: string | null; readonly after: string };
  /** One sentence each: a minor that is new, an end that moved. */
  readonly changes: readonly string[];
}

/** Data about CPython that was read, and what putting it beside the train file would change. */
export interface PythonRefresh extends PythonDifference {
  readonly path: string;
  /** The very same lies there already. */
  readonly isSame: boolean;
  readonly text: string;
}

/** Reads the data that a person named (a file or an address) and holds it against what the train uses now. Nothing is written. */
export async function readPythonRefresh({
  train,
  from,
  now,
}: {
  /** Path of the train file. */
  readonly train: string;
  readonly from: string;
  readonly now: Instant;
}): Promise<Result<PythonRefresh, AppProblem>> {
  const dir = dirname(resolve(train));
  if (dir.startsWith(join(shippedPresets(), '/')))
    return no(
      'A preset is shipped with Signalbox. Run this where a train file of yours lies: the data goes beside it.',
    );
  const read = await readNamed(from, SIZE_LIMIT);
  if ('reason' in read)
    return refuse({ kind: 'no-data', code: 'python-releases', text: `${from} ${read.reason}. Nothing was changed.` });
  const text = new TextDecoder().decode(read.bytes);
  const path = join(dir, PYTHON_RELEASES_FILE);
  const before = await pythonReleasesFor(dir, now);
  const difference = comparePythonReleases(text, { source: from, before, now });
  if (!difference.ok) return difference;
  const there = await readFile(path, 'utf8').catch(() => null);
  return succeed({ ...difference.value, path, isSame: there === text, text });
}

/** Puts what was read beside the train file, whole or not at all. */
export async function writePythonRefresh({ path, text }: Pick<PythonRefresh, 'path' | 'text'>): Promise<void> {
  await writeWhole(path, text);
}

/** Holds new data against what is used now; data that is older than that, or has lost a minor that lives, is refused. */
function comparePythonReleases(
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
