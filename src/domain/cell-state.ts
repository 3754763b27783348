import { z } from 'zod';
import type { State } from './state.ts';

/** What can be said of one expected cell of a candidate. */
export const CellStateName = z.enum([
  'present',
  'missing',
  'no-candidate',
  'twice',
  'misplaced',
  'empty',
  'no-digest',
  'stale',
  'changed',
  'unknown',
]);
type CellStateName = z.infer<typeof CellStateName>;

/** Shape and word of each. */
export const CELL_STATES = {
  present: { state: 'pass', word: 'present' },
  missing: { state: 'queued', word: 'missing' },
  'no-candidate': { state: 'queued', word: 'no candidate yet' },
  twice: { state: 'failing', word: 'twice' },
  misplaced: { state: 'failing', word: 'in another folder' },
  empty: { state: 'failing', word: 'empty' },
  'no-digest': { state: 'failing', word: 'without digest' },
  stale: { state: 'failing', word: 'of an earlier candidate' },
  changed: { state: 'failing', word: 'changed since recorded' },
  unknown: { state: 'no-data', word: 'not known' },
} as const satisfies Record<CellStateName, { readonly state: State; readonly word: string }>;
