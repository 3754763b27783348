import type { Instant } from '../../domain/instant.ts';
import type { Train } from '../../domain/train/train.ts';
import { patchNumber, type ReleaseVersion } from '../../domain/version.ts';
import { windowAt, type PhaseEnds } from '../../process/06-cherry-pick/index.ts';

/** When picks of a patch release close, also once they have; null where the calendar does not say. */
export function patchDeadline(train: Train, release: ReleaseVersion, ends: PhaseEnds, now: Instant): Instant | null {
  const window = patchNumber(release) === 0 ? null : windowAt(train, release, ends, now);
  return window?.later.at(-1)?.closesAt ?? window?.closesAt ?? window?.closed?.at ?? null;
}
