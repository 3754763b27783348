import { storedArtifactFiles } from '../adapters/artifact-files/index.ts';
import type { Train } from '../domain/train/train.ts';
import type { ArtifactFiles } from '../ports/artifact-files.ts';
import type { PublicChannel } from '../ports/public-channel.ts';
import { publicAddress } from './channel-index/places.ts';
import { NoSuchPlaceError } from './no-such-place.ts';
import type { Stores } from './stores.ts';

/** What files of channels are reached through. */
export interface FilesInput {
  readonly train: Train;
  readonly stores: Stores;
  /** The channels as everybody sees them. */
  readonly outside: PublicChannel;
}

/** The files of the train's channels, in the stores that these name. */
export function composeFiles({ train, stores, outside }: FilesInput): ArtifactFiles {
  return storedArtifactFiles(async ({ channel, place }) => {
    const opened = await stores.of(channel);
    if (!opened.ok) throw new NoSuchPlaceError(channel, place, opened.problems[0].text);
    const found = opened.value[place];
    if (found === undefined) throw new NoSuchPlaceError(channel, place, 'the train file names no store there');
    const { store, writable, outside: seen, holds } = found;
    const address = holds === 'wheel' || holds === 'any' ? publicAddress(train, channel, place) : null;
    return {
      store,
      writable: () => {
        if (!writable.ok) throw new NoSuchPlaceError(channel, place, writable.problems[0].text);
        return writable.value;
      },
      outside: seen,
      index: address === null ? null : { channel: outside, address },
    };
  });
}
