import { z } from 'zod';
import type { PickRef } from './pick.ts';
import type { State } from './state.ts';

/** Where a pick is, from the request to the release; the last six end it. `taken-back`: the line had it, and took it back. */
export const PickState = z.enum([
  'waits-for-merge',
  'requested',
  'conflict',
  'needs-review',
  'needs-info',
  'approved',
  'in-ci',
  'landed',
  'in-rc',
  'released',
  'refused',
  'withdrawn',
  'late',
  'superseded',
  'taken-back',
]);
export type PickState = z.infer<typeof PickState>;

/** Shape and words of each state of a pick; `next` is what has to happen, null for those that end it. */
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
} as const satisfies Record<PickState, { readonly state: State; readonly word: string; readonly next: string | null }>;

/** Whether something has still to happen to a pick in this state. */
export function pickWaits(state: PickState): boolean {
  return PICK_STATES[state].next !== null;
}

/** How a pick is named to the commands about it. */
export function pickWords({ repo, pr, onto }: PickRef): string {
  return `${pr} --repo ${repo} --onto ${onto}`;
}

/** The commands that move a pick on, as people who may do so give them. */
export function pickCommands(pick: PickRef, state: PickState): readonly string[] {
  const name = pickWords(pick);
  switch (state) {
    case 'requested':
    case 'conflict':
      return [`show ${name} --conflict`, `retry ${name}`];
    case 'needs-review':
      return [`approve ${name}`, `refuse ${name} -m REASON`];
    case 'needs-info':
    case 'refused':
      return [`reopen ${name} -m REASON`];
    case 'late':
      return [`dispense ${name} -m REASON --until WHEN`];
    case 'waits-for-merge':
    case 'approved':
    case 'in-ci':
    case 'landed':
    case 'in-rc':
    case 'released':
    case 'withdrawn':
    case 'superseded':
    case 'taken-back':
      return [];
  }
}
