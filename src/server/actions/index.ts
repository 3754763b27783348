import type { AnyAction } from '../page.ts';
import { PICK_DECISIONS } from './pick-decisions.ts';
import { PICK_REQUESTS } from './pick-requests.ts';
import { SYSTEM_ACTIONS } from './system.ts';
import { TRACKER_ACTIONS } from './tracker.ts';

/** Everything that can be done through the server. */
export const ACTIONS: readonly AnyAction[] = [
  ...PICK_DECISIONS,
  ...PICK_REQUESTS,
  ...TRACKER_ACTIONS,
  ...SYSTEM_ACTIONS,
];
