import { refuse, succeed, type Result } from '../../domain/result.ts';
import { Line, lineOf, patchNumber, releaseOn, type ReleaseVersion } from '../../domain/version.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { listReleases, parseRelease } from '../releases.ts';

/**
 * The patch release that was meant: X.Y.Z itself, or of a line X.Y the one that is live, or else the next one. X.Y.0 is no patch release. Without a name
 * the only patch release that is live.
 */
export async function patchNamed(app: App, typed: string | null): Promise<Result<ReleaseVersion, AppProblem>> {
  const releases = await listReleases(app);
  const patches = releases.filter(({ release }) => patchNumber(release) > 0);
  const live = patches.filter(({ closed }) => closed === null).map(({ release }) => release);
  if (typed === null) {
    const [only] = live;
    if (only !== undefined && live.length === 1) return succeed(only);
    const text =
      live.length === 0
        ? 'No patch release is live. Name the line or the release: signalbox patch triage 2.8'
        : `Several patch releases are live: ${live.join(', ')}. Name one.`;
    return refuse({ kind: 'usage', code: 'which-patch', text });
  }
  const line = Line.safeParse(typed.replace(/^v(?=\d)/u, ''));
  if (line.success) {
    const [open] = live.filter((release) => lineOf(release) === line.data);
    const numbers = patches
      .filter(({ release }) => lineOf(release) === line.data)
      .map(({ release }) => patchNumber(release));
    return succeed(open ?? releaseOn(line.data, Math.max(0, ...numbers) + 1));
  }
  const parsed = parseRelease(typed);
  if (!parsed.ok || patchNumber(parsed.value) > 0) return parsed;
  const next = releaseOn(lineOf(parsed.value), 1);
  return refuse({
    kind: 'usage',
    code: 'not-a-patch',
    text: `${parsed.value} is a minor release, and there is no triage, go or no-go for it. Name its patch release, for example ${next}.`,
  });
}
