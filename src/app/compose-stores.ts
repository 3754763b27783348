import { resolve } from 'node:path';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { ChannelPlace } from '../domain/train/channels.ts';
import type { Train } from '../domain/train/train.ts';
import type { AppProblem } from './problem.ts';
import { placesOf, storeAddress, type ChannelStore, type Stores } from './stores.ts';

/** What the stores of a train are opened with. */
export interface StoresInput {
  /** The folder of the train file: paths in it begin there. */
  readonly dir: string;
  readonly train: Train;
}

/** The stores of the train's channels; an adapter is loaded when the first place that needs it is asked for. */
export function composeStores({ dir, train }: StoresInput): Stores {
  return {
    of: async (channel) => {
      const places = placesOf(train, channel);
      if (!places.ok) return places;
      const opened: ChannelStore[] = [];
      for (const place of places.value) {
        const store = await open(place, { channel, dir });
        if (!store.ok) return store;
        opened.push(store.value);
      }
      return succeed(opened);
    },
  };
}

async function open(
  place: ChannelPlace,
  { channel, dir }: { readonly channel: string; readonly dir: string },
): Promise<Result<ChannelStore, AppProblem>> {
  const address = place.address === undefined ? null : storeAddress(place.address);
  if (address?.kind !== 'folder') return refuse(noAddress(channel, place));
  const { folderStore } = await import('../adapters/folder/store.ts');
  const store = folderStore(resolve(dir, address.path));
  return succeed({ channel, holds: place.holds, store, writable: store, outside: null });
}

function noAddress(channel: string, { holds, address }: ChannelPlace): AppProblem {
  return {
    kind: 'usage',
    code: 'store-without-address',
    text: `Channel ${channel}, ${holds}: ${address ?? 'no address'} does not say where its objects lie. Give the place an address: s3://bucket/prefix, https://…, or a folder.`,
  };
}
