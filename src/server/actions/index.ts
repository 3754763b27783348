import type { AnyAction } from '../page.ts';

/** Everything that can be done through the server. */
export const ACTIONS: readonly AnyAction[] = [];
