import { SIGNED_GATES } from './rules.ts';

/** Families of gates between the mark as final and the promotion that this folder judges. There are only those that the train file asks for. */
export const AFTER_FINAL_GATES: readonly string[] = [
  'milestone-validated',
  'validation-issue',
  'no-perf-regression',
  ...SIGNED_GATES,
];
