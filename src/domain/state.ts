import type { Verdict } from './gate.ts';

/** The nine states of ux.md 2.4 that both faces show, each with a shape and a word of its own. */
export type State = Verdict | 'permanent';
