import { ByteSourceError } from '../domain/byte-source.ts';
import type { ArtifactFiles, FileRef } from '../ports/artifact-files.ts';
import { memorySource } from './memory-source.ts';

function refuse(): never {
  throw new Error('only the bytes of a file may be asked for here');
}

/** Files of channels that can only be read, as bytes by their keys; every other call fails the test. */
export function readableFiles(contents: ReadonlyMap<string, Uint8Array>): ArtifactFiles {
  return {
    source: async ({ key }: FileRef) => {
      const bytes = contents.get(key);
      if (bytes !== undefined) return memorySource(bytes, key);
      throw new ByteSourceError('missing', `${key} is not there`);
    },
    look: refuse,
    list: refuse,
    read: refuse,
    copy: refuse,
    reversion: refuse,
    recordDigest: refuse,
    remove: refuse,
    readBack: refuse,
  };
}
