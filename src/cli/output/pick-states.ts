import type { standingPicks } from '../../app/picks.ts';

/** One pick as it stands, as the use cases answer it. */
export type StandingPick = Awaited<ReturnType<typeof standingPicks>>[number];
