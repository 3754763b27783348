import type { KeptReadings } from '../ports/kept-readings.ts';

/** Readings in a folder; the adapter is loaded when the first is asked for. */
export function composeReadings(folder: string): KeptReadings {
  const opened = async (): Promise<KeptReadings> =>
    (await import('../adapters/folder/kept-readings.ts')).keptReadings(folder);
  return {
    get: async (kind, of) => (await opened()).get(kind, of),
    put: async (kind, of, reading) => (await opened()).put(kind, of, reading),
  };
}
