import type { ChannelPlace } from '../domain/train/channels.ts';
import { storeAddress } from '../domain/train/store-address.ts';
import type { Train } from '../domain/train/train.ts';
import type { Contradiction } from './contradiction.ts';

/** Places of channels that cannot be spoken to as they are written. */
export function placeContradictions({ channels }: Train): readonly Contradiction[] {
  return Object.entries(channels).flatMap(([channel, { places }]) =>
    places.flatMap((place, index) =>
      mistakesOf(place).map(({ key, text }) => ({ path: ['channels', channel, 'places', index, key], text })),
    ),
  );
}

interface Mistake {
  readonly key: 'address' | 'origin' | 'upload' | 'server';
  readonly text: string;
}

function mistakesOf({ store, address, origin, upload, server }: ChannelPlace): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const [read, written] = [address, origin].map((text) => (text === undefined ? null : storeAddress(text)));
  const isStore = store === 'object-store';
  if (address !== undefined && read === null) {
    mistakes.push({ key: 'address', text: 'is no address: write https://…, s3://bucket/prefix, or a folder' });
  }
  if (address !== undefined && !isStore && read !== null && read?.kind !== 'http') {
    mistakes.push({ key: 'address', text: `a ${store} is read over HTTP: write https://…` });
  }
  if (origin !== undefined && !isStore) {
    mistakes.push({ key: 'origin', text: `a ${store} has no origin, only stores of objects do` });
  } else if (origin !== undefined && (written === null || written?.kind === 'http')) {
    mistakes.push({ key: 'origin', text: 'nothing can be written there: write s3://bucket/prefix, or a folder' });
  }
  if (upload !== undefined) mistakes.push(...uploadMistakes(store, upload));
  // Where neither is written, the environment says it.
  const isSaid = address !== undefined || origin !== undefined;
  if (server !== undefined && isSaid && read?.kind !== 's3' && written?.kind !== 's3') {
    mistakes.push({ key: 'server', text: 'belongs to an `s3://` address, and this place has none' });
  }
  return mistakes;
}

function uploadMistakes(store: ChannelPlace['store'], upload: string): readonly Mistake[] {
  if (store !== 'package-index') {
    return [
      { key: 'upload', text: `only a package index is uploaded to in that way, and this is a place of kind ${store}` },
    ];
  }
  const isPrivate = /^https:|^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$)/u.test(upload);
  return isPrivate ? [] : [{ key: 'upload', text: 'a token may not be sent there in the clear: write https://…' }];
}
