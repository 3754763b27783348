import { committedAt, elapsedMillis, type Instant } from '../../domain/instant.ts';
import { observe } from '../../domain/observation.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { MissingRevert } from '../../history/missing.ts';
import type { App } from '../app.ts';
import { missingReverts, type RepoReport } from '../history.ts';
import { declinedReverts } from './settled.ts';

/** A revert that the line lacks, with the decision to keep what it took back. */
export type DecidedRevert = MissingRevert & {
  readonly declined: { readonly by: string; readonly reason: string } | null;
  /** Until when a reland is waited for; null once that is over. */
  readonly relandUntil: Instant | null;
};

/** What main took back and the branches of a release still have, each with the decision about it; `decisionsUnread` says why those are not known. */
export async function decidedReverts(
  app: App,
  release: ReleaseVersion,
): Promise<{
  readonly reports: readonly RepoReport<readonly DecidedRevert[]>[];
  readonly decisionsUnread: string | null;
}> {
  const now = app.clock.now();
  const [all, declined] = await Promise.all([
    missingReverts(app, release),
    observe('ledger', now, () => declinedReverts(app, release)),
  ]);
  const reports = all.map(({ repo, found }): RepoReport<readonly DecidedRevert[]> => {
    if (!found.known) return { repo, found };
    const value = found.value?.map((item) => ({
      ...item,
      declined:
        (declined.known ? declined.value : []).find((one) => one.repo === repo && one.revert === item.revert) ?? null,
      relandUntil: relandUntil(app, item.revertedAt, now),
    }));
    return { repo, found: { ...found, value: value ?? null } };
  });
  return { reports, decisionsUnread: declined.known ? null : declined.reason };
}

/** The end of the wait for a reland, while it is still to come. */
function relandUntil(app: App, revertedAt: number, now: Instant): Instant | null {
  const until = committedAt(revertedAt + app.loaded.train.picks.relandGraceHours * 3600);
  return until !== null && elapsedMillis(now, until) > 0 ? until : null;
}
