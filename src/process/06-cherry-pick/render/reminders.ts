import { shortId } from '../../../domain/git-names.ts';
import { elapsedMillis, type Instant } from '../../../domain/instant.ts';
import { pickName, type PickRef } from '../../../domain/pick.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { RevertStanding } from '../gates.ts';
import { sayMoment, saySpan } from '../window.ts';
import { code, inline, mention } from './escape.ts';

const MOST_REVERTS = 12;

/** The marker of one reminder: said again, it is found. */
export function reminderMarker(pick: PickRef, hours: number, closesAt: Instant): string {
  return `signalbox:reminder ${pickName(pick)} ${hours} ${closesAt}`;
}

/** Time runs out for reverts that a line owes, said in the tracker to who can act. */
export function revertReminderReply({
  train,
  to,
  release,
  reverts,
  closesAt,
  now,
}: {
  readonly train: Train;
  readonly to: readonly string[];
  readonly release: ReleaseVersion;
  readonly reverts: readonly RevertStanding[];
  readonly closesAt: Instant;
  readonly now: Instant;
}): string {
  const slugOf = (repo: string): string => Object.entries(train.repos).find(([key]) => key === repo)?.[1].slug ?? repo;
  const rows = reverts.slice(0, MOST_REVERTS).map(({ repo, change, revert }) => {
    const name = change.pr === null ? inline(change.title, 80) : `${slugOf(repo)}#${change.pr}`;
    return `- ${name}, taken back on main by ${shortId(revert)}`;
  });
  const more = reverts.length - rows.length;
  return [
    `${to.slice(0, 6).map(mention).join(' ')} ${release} still has ${reverts.length} ${reverts.length === 1 ? 'change' : 'changes'} that main took back, and the window closes in ${saySpan(now, closesAt)}, at ${sayMoment(closesAt, train.picks.zone)}.`,
    '',
    ...rows,
    ...(more > 0 ? [`- and ${more} more: ${code(`signalbox pick reverts ${release}`)}`] : []),
    '',
  ].join('\n');
}

/** Time runs out for a pick, said to those who can act. */
export function reminderReply({
  train,
  to,
  pr,
  branch,
  state,
  closesAt,
  now,
}: {
  readonly train: Train;
  readonly to: readonly string[];
  readonly pr: number;
  readonly branch: string;
  readonly state: string;
  readonly closesAt: Instant;
  readonly now: Instant;
}): string {
  const left = elapsedMillis(now, closesAt) > 0 ? `closes in ${saySpan(now, closesAt)}` : 'has closed';
  return `${to.slice(0, 6).map(mention).join(' ')} #${pr} is ${inline(state)}, and the window for ${code(branch)} ${left}, at ${sayMoment(closesAt, train.picks.zone)}.`;
}
