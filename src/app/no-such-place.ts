/** A step of a plan names a place of a channel that is not there, or cannot be written: the train file was changed since. */
export class NoSuchPlaceError extends Error {
  readonly code = 'no-such-place';
  constructor(channel: string, place: number, why: string) {
    super(`place ${place} of channel ${channel} cannot be used: ${why}`);
    this.name = 'NoSuchPlaceError';
  }
}
