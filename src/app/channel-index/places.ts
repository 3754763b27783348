import type { Train } from '../../domain/train/train.ts';
import { placesOf } from '../stores.ts';

/** Where places of other channels lie inside of those of this one: the test channel inside of the stable one. */
export function placesInside({ channels }: Train, channel: string): readonly string[] {
  const addresses = (name: string): readonly string[] =>
    (channels[name]?.places ?? []).flatMap(({ address }) => (address === undefined ? [] : [withSlash(address)]));
  const own = addresses(channel);
  const others = Object.keys(channels).flatMap((name) => (name === channel ? [] : addresses(name)));
  return own.flatMap((outer) =>
    others.flatMap((inner) => (inner !== outer && inner.startsWith(outer) ? [inner.slice(outer.length)] : [])),
  );
}

/** The address at which everybody reads a place of a channel, with a slash at its end; null where there is none. */
export function publicAddress(train: Train, channel: string, place: number): string | null {
  const places = placesOf(train, channel, 'object-store');
  const found = places.ok ? places.value[place] : undefined;
  const address = found?.public === true ? (found.address ?? null) : null;
  return address !== null && /^https?:\/\//.test(address) && URL.canParse(address) ? withSlash(address) : null;
}

function withSlash(address: string): string {
  return `${address.replace(/\/+$/, '')}/`;
}
