import { median, type Measured } from '../quiet.ts';

export const LIMITS = {
  cherry: 1.4,
  analyzer: 2.5,
  rangeDiff: 8,
  warm: 0.3,
  peakBytes: 300e6,
  findMillis: 300,
  recall: 0.97,
};

export function cpuText(taken: readonly Measured<unknown>[]): string {
  const known = taken.flatMap(({ cpuMillis }) => (cpuMillis === null ? [] : [cpuMillis]));
  return known.length === 0 ? 'not told by this system' : `${median(known).toFixed(0)} ms`;
}
