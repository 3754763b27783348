import type { Notifier } from '../../ports/notifier.ts';

/** By what people can be told from here. */
export interface Telling {
  /** Whether mail goes out. */
  readonly mail: boolean;
  /** Whether the notifier takes calls on the forge too, instead of the forge itself. */
  readonly mention: boolean;
  /** Rooms that have an address. */
  readonly rooms: readonly string[];
  readonly notifier: Notifier;
}
