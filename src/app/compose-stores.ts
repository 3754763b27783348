import { resolve } from 'node:path';
import { systemDocumentTools, type DocumentTools } from '../adapters/http/document.ts';
import { fileAnswerCache } from '../adapters/http/file-answer-cache.ts';
import type { Environment } from '../config/environment.ts';
import { refuse, refuseOr, succeed, type Result } from '../domain/result.ts';
import type { ChannelPlace } from '../domain/train/channels.ts';
import { storeAddress, type StoreAddress } from '../domain/train/store-address.ts';
import type { Train } from '../domain/train/train.ts';
import { variableWord } from '../domain/variable-word.ts';
import type { ReadableStore } from '../ports/artifact-store.ts';
import type { AppProblem } from './problem.ts';
import { placesOf, type ChannelStore, type Stores } from './stores.ts';

/** What the stores of a train are opened with. */
export interface StoresInput {
  /** The folder of the train file: paths in it begin there. */
  readonly dir: string;
  readonly train: Train;
  readonly environment: Pick<Environment, 'storeKeys' | 'storeAddresses'>;
  /** Where answers are kept for conditional requests; null keeps none. */
  readonly answers: string | null;
}

/** A place, and where what is said of it comes from. */
interface Asked extends StoresInput {
  readonly channel: string;
  readonly place: ChannelPlace;
}

/** The stores of the train's channels; an adapter is loaded when the first place that needs it is asked for. */
export function composeStores(input: StoresInput): Stores {
  const toClose: (() => void)[] = [];
  const cache = input.answers === null ? null : fileAnswerCache(input.answers);
  const tools: DocumentTools = { ...systemDocumentTools, cache };
  return {
    of: everyOf(input, 'object-store', (asked) => open(asked, tools, toClose)),
    indexesOf: everyOf(input, 'package-index', async (asked) => {
      const address = webAddress(asked);
      if (!address.ok) return address;
      const { pypiIndex } = await import('../adapters/pypi/index.ts');
      return succeed(pypiIndex({ address: address.value, tools }));
    }),
    condaOf: everyOf(input, 'conda', async (asked) => {
      const address = webAddress(asked);
      if (!address.ok) return address;
      const { condaChannel } = await import('../adapters/conda/index.ts');
      return succeed(condaChannel({ address: address.value, tools }));
    }),
    close: () => {
      for (const close of toClose.splice(0)) close();
    },
  };
}

/** Opens every place of a channel that is of one kind, each once; everything that is in the way is told. */
function everyOf<Opened>(
  input: StoresInput,
  store: ChannelPlace['store'],
  openOne: (asked: Asked) => Promise<Result<Opened, AppProblem>>,
): (channel: string) => Promise<Result<readonly Opened[], AppProblem>> {
  const known = new Map<ChannelPlace, Opened>();
  return async (channel) => {
    const places = placesOf(input.train, channel, store);
    if (!places.ok) return places;
    const problems: AppProblem[] = [];
    const all: Opened[] = [];
    for (const place of places.value) {
      const before = known.get(place);
      const opened = before === undefined ? await openOne({ ...input, channel, place }) : succeed(before);
      if (opened.ok) {
        known.set(place, opened.value);
        all.push(opened.value);
      } else problems.push(...opened.problems);
    }
    return refuseOr(problems, () => all);
  };
}

async function open(
  asked: Asked,
  tools: DocumentTools,
  toClose: (() => void)[],
): Promise<Result<ChannelStore, AppProblem>> {
  const { channel, place, dir } = asked;
  const address = addressOf(asked);
  if (address === null) return refuse(noAddress(asked));
  const told = { channel, holds: place.holds, outside: await outsideOf(place, tools) };
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
    case 'http': {
      const { httpStore } = await import('../adapters/http-store/index.ts');
      const store = httpStore({ address: address.url, tools });
      return succeed({ ...told, store, writable: refuse(onlyRead(asked)) });
    }
  }
}

/** The place as everybody reads it. */
async function outsideOf(place: ChannelPlace, tools: DocumentTools): Promise<ReadableStore | null> {
  const address = place.public && place.address !== undefined ? storeAddress(place.address) : null;
  if (address?.kind !== 'http') return null;
  const { httpStore } = await import('../adapters/http-store/index.ts');
  return httpStore({ address: address.url, tools });
}

/** The address of what is only ever read by HTTP. */
function webAddress(asked: Asked): Result<string, AppProblem> {
  const address = addressOf(asked);
  return address?.kind === 'http' ? succeed(address.url) : refuse(noAddress(asked));
}

/** Where its objects lie: what the train says, or the environment where the train leaves it out. */
function addressOf({ channel, place, environment }: Asked): StoreAddress | null {
  const text = place.origin ?? place.address ?? environment.storeAddresses.get(channel);
  return text === undefined ? null : storeAddress(text);
}

function noAddress({ channel, place }: Asked): AppProblem {
  const said = place.origin ?? place.address ?? null;
  const variable = `SIGNALBOX_STORE_${variableWord(channel)}`;
  const isStore = place.store === 'object-store';
  const what = said === null ? 'it is not said where it lies' : `“${said}” is no address of it`;
  const [key, form] = isStore ? ['origin', 's3://bucket/prefix, or a folder'] : ['address', 'https://…'];
  return {
    kind: 'usage',
    code: 'store-without-address',
    text: `Channel ${channel}, ${place.holds}: ${what}. Give the place an \`${key}\` in the train file, or set ${variable}: ${form}.`,
  };
}

function onlyRead({ channel, place }: Asked): AppProblem {
  return {
    kind: 'usage',
    code: 'store-only-read',
    text: `Channel ${channel}, ${place.holds}: ${place.address ?? 'its address'} can only be read. Give the place an \`origin\` in the train file to write to: s3://bucket/prefix, or a folder.`,
  };
}

function noKeys({ channel, place }: Asked): AppProblem {
  const name = place.server?.credentials;
  const prefix = `SIGNALBOX_S3_${name === undefined ? '' : `${variableWord(name)}_`}`;
  return {
    kind: 'not-allowed',
    code: 'store-without-keys',
    text: `Channel ${channel}, ${place.holds}: there are no keys to write to ${place.origin ?? place.address ?? 'its store'}. Set ${prefix}ACCESS_KEY_ID and ${prefix}SECRET_ACCESS_KEY.`,
  };
}
