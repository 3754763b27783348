import type { IndexCredentials } from '../adapters/pypi/credentials.ts';
import type { IndexPlace } from '../adapters/pypi/package-files.ts';
import type { Environment } from '../config/environment.ts';
import type { Train } from '../domain/train/train.ts';
import { variableWord } from '../domain/variable-word.ts';
import type { ChannelPlaceRef } from '../ports/index-pages.ts';
import type { FileRef } from '../ports/artifact-files.ts';
import type { PackageFiles } from '../ports/package-files.ts';
import { placesOf, type Stores } from './stores.ts';

export interface PackagesInput {
  readonly train: Train;
  readonly environment: Pick<Environment, 'storeAddresses' | 'indexTokens' | 'indexUploads' | 'jobIdentity'>;
  readonly stores: Stores;
}

/** A step of a plan names a place that is not there: the train file, or the environment, was changed since. */
class NoSuchIndexError extends Error {
  readonly code = 'no-such-place';
  constructor({ channel, place }: ChannelPlaceRef, what: string) {
    super(`place ${place} of channel ${channel} ${what}`);
    this.name = 'NoSuchIndexError';
  }
}

/** The package indexes that the train's channels name; the adapter is loaded at the first call. */
export function composePackages(input: PackagesInput): PackageFiles {
  let opened: Promise<PackageFiles> | null = null;
  const files = (): Promise<PackageFiles> => {
    opened ??= import('../adapters/pypi/package-files.ts').then(({ pypiFiles }) =>
      pypiFiles({
        placeOf: async (at) => indexPlace(input, at),
        sourceOf: async (from) => (await storeOf(input.stores, from)).source(from.key),
      }),
    );
    return opened;
  };
  return {
    missing: async (at) => (await files()).missing(at),
    look: async (at, of) => (await files()).look(at, of),
    upload: async (at, of, file) => (await files()).upload(at, of, file),
    yank: async (at, of, reason) => (await files()).yank(at, of, reason),
  };
}

function indexPlace({ train, environment }: PackagesInput, at: ChannelPlaceRef): IndexPlace {
  const { channel } = at;
  const places = placesOf(train, channel, 'package-index');
  const place = places.ok ? places.value[at.place] : undefined;
  if (place === undefined) throw new NoSuchIndexError(at, 'is no package index: the train file names none there');
  const upper = variableWord(channel);
  const address = place.address ?? environment.storeAddresses.get(channel);
  if (address === undefined) {
    throw new NoSuchIndexError(at, `has no address: give it one in the train file, or set SIGNALBOX_STORE_${upper}`);
  }
  return {
    address,
    upload: place.upload ?? environment.indexUploads.get(channel) ?? null,
    credentials: credentialsFor(environment, channel),
    howToGive: {
      upload: `Give the place an \`upload\` in the train file, or set SIGNALBOX_INDEX_${upper}_UPLOAD: https://…`,
      credentials: `Set SIGNALBOX_INDEX_${upper}_TOKEN or SIGNALBOX_INDEX_${upper}_TOKEN_FILE, or run in a job of CI that the index trusts`,
    },
  };
}

/** A token that somebody set for the channel goes before the identity that every job of CI may have. */
function credentialsFor(
  { indexTokens, jobIdentity }: PackagesInput['environment'],
  channel: string,
): IndexCredentials | null {
  const token = indexTokens.get(channel);
  if (token !== undefined) return { by: 'token', token: token.reveal() };
  return jobIdentity === null ? null : { by: 'identity', url: jobIdentity.url, token: jobIdentity.token.reveal() };
}

async function storeOf(stores: Stores, from: FileRef) {
  const opened = await stores.of(from.channel);
  if (!opened.ok) throw new NoSuchIndexError(from, `cannot be read: ${opened.problems[0].text}`);
  const store = opened.value[from.place]?.store;
  if (store === undefined) throw new NoSuchIndexError(from, 'is no store: the train file names none there');
  return store;
}
