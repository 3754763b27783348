import type { State } from './state.ts';

/**
 * Where a pick is, from the request to the release, with its shape and words; `next` is what has to happen, null for those that end it. `taken-back`: the
 * line had it, and took it back.
 */
export const PICK_STATES = {
  'waits-for-merge': { state: 'queued', word: 'waits for merge', next: 'the change has to be merged on main' },
  requested: { state: 'needs-you', word: 'asked for', next: 'the pick has to be made' },
  conflict: { state: 'failing', word: 'conflict', next: 'somebody has to resolve the conflict' },
  'needs-review': { state: 'needs-you', word: 'needs review', next: 'a release manager has to decide' },
  'needs-info': { state: 'needs-you', word: 'needs an answer', next: 'the author has to answer' },
  approved: { state: 'pass', word: 'approved', next: 'its pull request has to be merged' },
  'in-ci': { state: 'running', word: 'in CI', next: 'its jobs have to end' },
  landed: { state: 'pass', word: 'landed', next: null },
  'in-rc': { state: 'pass', word: 'in a candidate', next: null },
  released: { state: 'permanent', word: 'released', next: null },
  refused: { state: 'skipped', word: 'refused', next: null },
  withdrawn: { state: 'skipped', word: 'withdrawn', next: null },
  late: { state: 'skipped', word: 'too late', next: null },
  superseded: { state: 'skipped', word: 'superseded', next: null },
  'taken-back': { state: 'skipped', word: 'taken back', next: null },
} as const satisfies Record<string, { readonly state: State; readonly word: string; readonly next: string | null }>;
export type PickState = keyof typeof PICK_STATES;
