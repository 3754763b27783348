import { ByteSourceError } from '../../domain/byte-source.ts';
import { ArtifactStoreError, type ArtifactStoreFailure } from '../../ports/artifact-store.ts';

/**
 * What a failed write says of the files, as against the world: `gone`, `rewritten`: the source is not there, or was written again meanwhile. `taken`:
 * somebody else wrote to the destination. `other-bytes`: what came is not what was to be written, and nothing of it stays. Null: a failure of the world.
 */
export type FileFailure = 'gone' | 'rewritten' | 'taken' | 'other-bytes';

const OF_STORE: Partial<Record<ArtifactStoreFailure, FileFailure>> = {
  exists: 'taken',
  changed: 'taken',
  mismatch: 'other-bytes',
};

export function fileFailure(error: unknown): FileFailure | null {
  if (error instanceof ArtifactStoreError) return OF_STORE[error.code] ?? null;
  if (!(error instanceof ByteSourceError)) return null;
  if (error.code === 'missing') return 'gone';
  return error.code === 'changed' || error.code === 'short' || error.code === 'long' ? 'rewritten' : null;
}
