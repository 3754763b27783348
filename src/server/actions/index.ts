import type { AnyAction } from '../page.ts';
import { DAY_ACTIONS } from './day.ts';
import { GATE_ACTIONS } from './gates.ts';
import { MAKING_ACTIONS } from './make-plans.ts';
import { PATCH_ACTIONS } from './patch.ts';
import { PICK_DECISIONS } from './pick-decisions.ts';
import { PICK_REQUESTS } from './pick-requests.ts';
import { PLAN_ACTIONS } from './plans.ts';
import { SYSTEM_ACTIONS } from './system.ts';
import { TRACKER_ACTIONS } from './tracker.ts';
import { TRAIN_ACTIONS } from './train.ts';
import { YOU_ACTIONS } from './you.ts';

/** Everything that can be done through the server. */
export const ACTIONS: readonly AnyAction[] = [
  ...TRAIN_ACTIONS,
  ...GATE_ACTIONS,
  ...MAKING_ACTIONS,
  ...DAY_ACTIONS,
  ...PLAN_ACTIONS,
  ...PATCH_ACTIONS,
  ...PICK_DECISIONS,
  ...PICK_REQUESTS,
  ...TRACKER_ACTIONS,
  ...SYSTEM_ACTIONS,
  ...YOU_ACTIONS,
];
