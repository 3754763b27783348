import { refuse, succeed, type Result } from '../domain/result.ts';
import type { ArtifactKind, ChannelPlace } from '../domain/train/channels.ts';
import type { Train } from '../domain/train/train.ts';
import type { ArtifactStore, ReadableStore } from '../ports/artifact-store.ts';
import type { CondaChannel } from '../ports/conda-channel.ts';
import type { PackageIndex } from '../ports/package-index.ts';
import type { AppProblem } from './problem.ts';

/** A place of a channel whose artifacts are objects. */
export interface ChannelStore {
  readonly channel: string;
  readonly holds: ArtifactKind;
  /** Where its objects lie. */
  readonly store: ReadableStore;
  /** The same for writing, or why it cannot be written to: whoever plans to write refuses then, before anything is done. */
  readonly writable: Result<ArtifactStore, AppProblem>;
  /** The same as everybody sees it, through its public address; null where it has none. */
  readonly outside: ReadableStore | null;
}

/** The stores of the train's channels. Nothing is opened before it is asked for. */
export interface Stores {
  /** Every place of the channel that is a store of objects, in the train's order. All that is in the way is told at once. */
  of(channel: string): Promise<Result<readonly ChannelStore[], AppProblem>>;
  /** Every place of the channel that is a package index. */
  indexesOf(channel: string): Promise<Result<readonly PackageIndex[], AppProblem>>;
  /** Every place of the channel that is a conda channel. */
  condaOf(channel: string): Promise<Result<readonly CondaChannel[], AppProblem>>;
  /** Closes connections. */
  close(): void;
}

/** The places of a channel that are spoken to in one way. */
export function placesOf(
  train: Train,
  channel: string,
  store: ChannelPlace['store'],
): Result<readonly ChannelPlace[], AppProblem> {
  const found = train.channels[channel];
  if (found === undefined) {
    const names = Object.keys(train.channels).join(', ') || 'none';
    return refuse({
      kind: 'usage',
      code: 'channel-unknown',
      text: `The train has no channel “${channel}”; it has: ${names}.`,
    });
  }
  return succeed(found.places.filter((place) => place.store === store));
}
