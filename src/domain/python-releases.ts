import { z } from 'zod';
import { CalendarDate, type CalendarDate as Day } from './instant.ts';
import { compareVersions, Line } from './version.ts';

/** A minor of CPython as its release managers publish it. Unknown members are left alone: the file is theirs. */
const MinorFacts = z.object({
  status: z.string().describe('feature, prerelease, bugfix, security or end-of-life, when the data was written.'),
  first_release: CalendarDate,
  end_of_bugfix: CalendarDate,
  end_of_life: CalendarDate,
});

const PublishedRelease = z.object({ stage: z.string(), state: z.enum(['actual', 'expected']), date: CalendarDate });

/** The shape in which the editors of the PEPs publish the releases of CPython (`python-releases.json` of their API; PEP 602 and the schedules). */
const Published = z
  .object({
    metadata: z.record(Line, MinorFacts),
    releases: z.record(z.string(), z.array(PublishedRelease)),
  })
  .refine(({ metadata }) => Object.keys(metadata).length > 0, { error: 'names no version of CPython' });

/** A minor of CPython: what is promised of it, and what came out. */
export interface PythonMinor {
  readonly minor: Line;
  readonly firstRelease: Day;
  /** From this day on there are security fixes only. */
  readonly endOfBugfix: Day;
  /** From this day on there is nothing. */
  readonly endOfLife: Day;
  /** Releases that came out, without alphas, betas and candidates; oldest first. */
  readonly patches: readonly { readonly version: string; readonly on: Day }[];
}

/** The releases of CPython, as far as whoever wrote the data knew. */
export interface PythonReleases {
  /** Oldest first. */
  readonly minors: readonly PythonMinor[];
  /** The newest release that had come out when the data was written: it is at least so new. */
  readonly asOf: Day;
}

const FINAL = /^(\d+\.\d+\.\d+)(?: final)?$/;

/** Reads the published data. The reason is one sentence without its subject: what is wrong, and where. */
export function readPythonReleases(
  text: string,
): { readonly ok: true; readonly releases: PythonReleases } | { readonly ok: false; readonly reason: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: `is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = Published.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? 'its top' : issue.path.join('.');
    return { ok: false, reason: `is not as the PEPs publish it: ${where}: ${issue?.message ?? 'unknown'}` };
  }
  const { metadata, releases } = parsed.data;
  const actual = Object.values(releases).flatMap((all) => all.filter(({ state }) => state === 'actual'));
  const [asOf] = actual.map(({ date }) => date).toSorted((left, right) => (left < right ? 1 : -1));
  if (asOf === undefined) return { ok: false, reason: 'names no release that came out' };
  const minors = Object.entries(metadata).map(([key, facts]): PythonMinor => {
    const minor = Line.parse(key);
    return {
      minor,
      firstRelease: facts.first_release,
      endOfBugfix: facts.end_of_bugfix,
      endOfLife: facts.end_of_life,
      patches: (Object.hasOwn(releases, key) ? (releases[key] ?? []) : []).flatMap(({ stage, state, date }) => {
        const version = FINAL.exec(stage)?.[1];
        return state === 'actual' && version !== undefined ? [{ version, on: date }] : [];
      }),
    };
  });
  const wrong = minors.find(({ firstRelease, endOfLife }) => firstRelease > endOfLife);
  if (wrong !== undefined)
    return { ok: false, reason: `says that ${wrong.minor} ends on ${wrong.endOfLife}, before it came out` };
  return { ok: true, releases: { minors: minors.toSorted((a, b) => compareVersions(a.minor, b.minor)), asOf } };
}

/** Minors that are out and not end-of-life on a day, oldest first. Seed: "Python". */
export function livingMinors({ minors }: PythonReleases, on: Day): readonly PythonMinor[] {
  return minors.filter(({ firstRelease, endOfLife }) => firstRelease <= on && on < endOfLife);
}

/**
 * Patch releases of a minor that are supported on a day. Seed, "Python": only the latest while that is a bugfix release; otherwise all that are no bugfix
 * releases. Those that came out until the end of bug fixes are bugfix releases.
 */
export function supportedPatches(
  { patches, endOfBugfix }: PythonMinor,
  on: Day,
): { readonly rule: 'latest-bugfix' | 'all-security'; readonly versions: readonly string[] } {
  const out = patches.filter((patch) => patch.on <= on);
  const latest = out.at(-1);
  if (latest === undefined || latest.on <= endOfBugfix)
    return { rule: 'latest-bugfix', versions: latest === undefined ? [] : [latest.version] };
  return { rule: 'all-security', versions: out.filter((p) => p.on > endOfBugfix).map(({ version }) => version) };
}
