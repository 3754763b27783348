import { resolve } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { refuse, refuseOr, succeed, type Result } from '../domain/result.ts';
import type { ChannelPlace } from '../domain/train/channels.ts';
import type { Train } from '../domain/train/train.ts';
import type { AppProblem } from './problem.ts';
import { placesOf, storeAddress, type ChannelStore, type StoreAddress, type Stores } from './stores.ts';

/** What the stores of a train are opened with. */
export interface StoresInput {
  /** The folder of the train file: paths in it begin there. */
  readonly dir: string;
  readonly train: Train;
  readonly environment: Pick<Environment, 'storeKeys' | 'storeAddresses'>;
}

/** A place, and where what is said of it comes from. */
interface Asked extends StoresInput {
  readonly channel: string;
  readonly place: ChannelPlace;
}

/** The stores of the train's channels; an adapter is loaded when the first place that needs it is asked for. */
export function composeStores(input: StoresInput): Stores {
  const opened = new Map<ChannelPlace, ChannelStore>();
  const toClose: (() => void)[] = [];
  return {
    of: async (channel) => {
      const places = placesOf(input.train, channel);
      if (!places.ok) return places;
      const problems: AppProblem[] = [];
      const stores: ChannelStore[] = [];
      for (const place of places.value) {
        const known = opened.get(place);
        const store = known === undefined ? await open({ ...input, channel, place }, toClose) : succeed(known);
        if (store.ok) {
          opened.set(place, store.value);
          stores.push(store.value);
        } else problems.push(...store.problems);
      }
      return refuseOr(problems, () => stores);
    },
    close: () => {
      for (const close of toClose.splice(0)) close();
      opened.clear();
    },
  };
}

async function open(asked: Asked, toClose: (() => void)[]): Promise<Result<ChannelStore, AppProblem>> {
  const { channel, place, dir } = asked;
  const address = addressOf(asked);
  if (address === null) return refuse(noAddress(asked));
  const told = { channel, holds: place.holds, outside: null };
  switch (address.kind) {
    case 'folder': {
      const { folderStore } = await import('../adapters/folder/store.ts');
      const store = folderStore(resolve(dir, address.path));
      return succeed({ ...told, store, writable: succeed(store) });
    }
    case 's3': {
      const { s3Store } = await import('../adapters/s3/store.ts');
      const server = place.server ?? { region: 'us-east-1', pathStyle: false, nativeDigests: true };
      const keys = asked.environment.storeKeys.get(server.credentials ?? '') ?? null;
      const store = s3Store({
        bucket: address.bucket,
        prefix: address.prefix,
        ...server,
        endpoint: server.endpoint ?? null,
        credentials: keys === null ? null : { ...keys, secretAccessKey: keys.secretAccessKey.reveal() },
      });
      toClose.push(() => store.close());
      return succeed({ ...told, store, writable: keys === null ? refuse(noKeys(asked)) : succeed(store) });
    }
    case 'http':
      return refuse(noAddress(asked));
  }
}

/** Where its objects lie: what the train says, or the environment where the train leaves it out. */
function addressOf({ channel, place, environment }: Asked): StoreAddress | null {
  const text = place.origin ?? place.address ?? environment.storeAddresses.get(channel);
  return text === undefined ? null : storeAddress(text);
}

function noAddress({ channel, place }: Asked): AppProblem {
  const said = place.origin ?? place.address ?? null;
  const variable = `SIGNALBOX_STORE_${channel.toUpperCase().replaceAll('-', '_')}`;
  const what = said === null ? 'it is not said where its objects lie' : `“${said}” is no address of a store`;
  return {
    kind: 'usage',
    code: 'store-without-address',
    text: `Channel ${channel}, ${place.holds}: ${what}. Give the place an \`origin\` in the train file, or set ${variable}: s3://bucket/prefix, or a folder.`,
  };
}

function noKeys({ channel, place }: Asked): AppProblem {
  const name = place.server?.credentials;
  const prefix = `SIGNALBOX_S3_${name === undefined ? '' : `${name.toUpperCase().replaceAll('-', '_')}_`}`;
  return {
    kind: 'not-allowed',
    code: 'store-without-keys',
    text: `Channel ${channel}, ${place.holds}: there are no keys to write to ${place.origin ?? place.address ?? 'its store'}. Set ${prefix}ACCESS_KEY_ID and ${prefix}SECRET_ACCESS_KEY.`,
  };
}
