import type { ViewedCell } from '../../app/artifacts/view.ts';
import type { State } from './shapes.ts';

/** How the states of a cell are shown, and the word for each. */
export const CELL_STATES: Readonly<Record<ViewedCell['state'], { readonly state: State; readonly word: string }>> = {
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
};
