import { Verdict } from './gate.ts';

/** The nine states of ux.md 2.4 that both faces show, each with a shape and a word of its own; in the order of ux.md. */
export const STATES = [...Verdict.options, 'permanent'] as const;
export type State = (typeof STATES)[number];

/** The word that always goes with the shape of a state, and what it means. */
export const STATE_WORDS = {
  pass: { word: 'pass', means: 'evidence fresh and good' },
  failing: { word: 'failing', means: 'evidence fresh and bad' },
  running: { word: 'running', means: 'moving by itself' },
  queued: { word: 'queued', means: 'waits for a machine' },
  'needs-you': { word: 'needs you', means: 'waits for a named person' },
  waived: { word: 'waived', means: 'passed by a person, expires' },
  skipped: { word: 'skipped', means: 'not applicable, by policy' },
  'no-data': { word: 'no data', means: 'stale or unknown: never counts as pass' },
  permanent: { word: 'permanent', means: 'published, cannot be undone' },
} as const satisfies Record<State, { readonly word: string; readonly means: string }>;
