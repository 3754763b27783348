import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { ByteSource } from '../../domain/byte-source.ts';
import { isWhole } from '../../domain/splice.ts';
import { ArtifactStoreError, type ArtifactStore } from '../../ports/artifact-store.ts';
import { composeHere, composeThere } from './compose.ts';
import { copyObject } from './copy.ts';
import { s3Place, type S3Options } from './place.ts';
import { putObject } from './put.ts';
import { listing, looking } from './read.ts';
import { shownTogether } from './shown.ts';
import { S3Source } from './source.ts';

export interface S3Store extends ArtifactStore {
  /** Closes its connections. */
  close(): void;
}

/** A place in a bucket of an S3 server, whoever made the server. */
export function s3Store(options: S3Options): S3Store {
  const place = s3Place(options);
  const look = looking(place);
  const writing = { place, look };
  const shown = shownTogether({ look, list: (prefix, from) => listing(place, prefix, from), timers: place.timers });
  const reached = (from: ByteSource): S3Source | null =>
    from instanceof S3Source && from.place.server === place.server ? from : null;
  return {
    name: place.name,
    list: (prefix, after) => listing(place, prefix, { after: after ?? '' }),
    look,
    source: (key, etag) => new S3Source(place, key, { etag, look }),
    put: (key, content, draft) => putObject(writing, key, content, draft),
    reaches: (from) => reached(from) !== null,
    copy: async (from, to, draft) => {
      const found = reached(from);
      if (found === null) {
        throw new ArtifactStoreError(
          'not-here',
          `${from.name} is not on the server of ${place.name}, which cannot copy it`,
        );
      }
      return copyObject({ ...writing, shown }, found, to, draft);
    },
    compose: async (from, to, draft) => {
      if (!isWhole(draft.splice)) {
        throw new ArtifactStoreError('invalid', `the pieces of ${to} are not the ${draft.splice.size} bytes promised`);
      }
      const found = reached(from);
      return found === null ? composeHere(writing, from, to, draft) : composeThere(writing, found, to, draft);
    },
    remove: async (key, onlyIf) => {
      const there = await look(key);
      if (there === null) return false;
      if (onlyIf !== null && there.etag !== onlyIf.etag) {
        throw new ArtifactStoreError('changed', `${key} in ${place.name} was written again; it stays`);
      }
      const input = { Bucket: place.bucket, Key: place.keyIn(key) };
      await place.ask(`remove ${key} from ${place.name}`, () => place.client.send(new DeleteObjectCommand(input)));
      return true;
    },
    close: () => {
      place.client.destroy();
      place.quick?.close();
    },
  };
}
