import { fileURLToPath } from 'node:url';
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

/** Where the objects of a place lie. */
export type StoreAddress =
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'http'; readonly url: string };

const S3 = /^s3:\/\/([a-z0-9][a-z0-9._-]{1,62})(?:\/(.*))?$/u;

/** An address of the train file; null where it is none. */
export function storeAddress(text: string): StoreAddress | null {
  const [, bucket, prefix = ''] = S3.exec(text) ?? [];
  if (bucket !== undefined) return { kind: 's3', bucket, prefix: prefix.replaceAll(/^\/+|\/+$/gu, '') };
  if (/^https?:\/\//u.test(text)) return URL.canParse(text) ? { kind: 'http', url: text } : null;
  if (text.startsWith('file://')) return folderIn(text);
  return /^[a-z][a-z0-9+.-]*:/iu.test(text) ? null : { kind: 'folder', path: text };
}

function folderIn(text: string): StoreAddress | null {
  try {
    return { kind: 'folder', path: fileURLToPath(text) };
  } catch {
    // Of another machine, or written wrongly.
    return null;
  }
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
