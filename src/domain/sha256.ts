import { createHash } from 'node:crypto';
import { Digest } from './canonical-json.ts';

/** A SHA-256 over bytes that come one piece after the other. */
export interface RunningDigest {
  add(bytes: Uint8Array): void;
  /** Ends it; nothing can be added afterwards. */
  digest(): Digest;
}

export function runningDigest(): RunningDigest {
  const hash = createHash('sha256');
  return {
    add: (bytes) => void hash.update(bytes),
    digest: () => Digest.parse(`sha256:${hash.digest('hex')}`),
  };
}
