import { createHash } from 'node:crypto';
import { Digest } from './canonical-json.ts';

/** A SHA-256 over bytes that come one piece after the other. */
export interface RunningDigest {
  add(bytes: Uint8Array): void;
  /** Another one that has taken the same bytes so far: two files that begin alike are reckoned once up to there. */
  fork(): RunningDigest;
  /** Ends it; nothing can be added afterwards. */
  digest(): Digest;
}

export function runningDigest(): RunningDigest {
  return running(createHash('sha256'));
}

function running(hash: ReturnType<typeof createHash>): RunningDigest {
  return {
    add: (bytes) => void hash.update(bytes),
    fork: () => running(hash.copy()),
    digest: () => Digest.parse(`sha256:${hash.digest('hex')}`),
  };
}
