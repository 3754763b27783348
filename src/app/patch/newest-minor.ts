import { releasesIn } from '../../domain/release-tags.ts';
import { observe } from '../../domain/observation.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { compareVersions, lineOf, patchNumber, releaseOn, type Line } from '../../domain/version.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';

/**
 * Why a line gets no patch release any more: a newer minor is out, by the tags of core. Null where none is, or where the train gives every line patches. That
 * the tags cannot be read is a "no" too.
 */
export async function newerMinor(app: App, line: Line): Promise<AppProblem | null> {
  if (!app.loaded.train.patches.onlyLatestMinor) return null;
  const core = reposOf(app.loaded.train, releaseOn(line, 0)).find(({ entry }) => entry.role === 'core');
  const remote = core?.remote ?? null;
  if (core === undefined || remote === null) {
    const text = 'The train names no core repository with a remote, so it is not known which minor is the newest.';
    return { kind: 'no-data', code: 'newest-unknown', text };
  }
  const refs = await observe(`git remote of ${core.key}`, app.clock.now(), () =>
    app.git.remoteRefs({ repo: core.key, remote }, ['refs/tags/v*']),
  );
  if (!refs.known) {
    const text = `The tags of ${core.key} could not be read (${refs.reason}), so it is not known whether ${line} is the newest minor.`;
    return { kind: 'no-data', code: 'newest-unknown', text };
  }
  const [newest] = releasesIn(refs.value).flatMap((one) => (patchNumber(one) === 0 ? [lineOf(one)] : []));
  if (newest === undefined || compareVersions(newest, line) <= 0) return null;
  const text = `${newest}.0 is out, and only the latest minor gets patch releases: there is none of ${line} any more. The rule is patches.onlyLatestMinor in the train file.`;
  return { kind: 'refused', code: 'not-the-latest-minor', text };
}
