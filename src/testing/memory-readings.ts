import type { KeptReadings } from '../ports/kept-readings.ts';

/** Readings in memory, with how many there are. */
export function memoryReadings(): KeptReadings & { readonly size: () => number; readonly forget: () => void } {
  const readings = new Map<string, string>();
  return {
    get: async (kind, of) => {
      const reading: unknown = JSON.parse(readings.get(`${kind} ${of}`) ?? 'null');
      return reading;
    },
    put: async (kind, of, reading) => void readings.set(`${kind} ${of}`, JSON.stringify(reading)),
    size: () => readings.size,
    forget: () => readings.clear(),
  };
}
