import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';

import type { RepoState } from './state.ts';
import type { Store } from './store.ts';

/** Where the bytes of a release's file lie. */
function assetPath(store: Store, repo: RepoState, id: number): string {
  return join(store.dir, 'assets', repo.owner, repo.name, String(id));
}

export function readAsset(store: Store, repo: RepoState, id: number): Buffer {
  return readFileSync(assetPath(store, repo, id));
}

export function removeAsset(store: Store, repo: RepoState, id: number): void {
  rmSync(assetPath(store, repo, id), { force: true });
}

/** Writes what comes, whole or not at all; throws when the connection breaks before its end. */
export async function receiveAsset(
  store: Store,
  repo: RepoState,
  id: number,
  request: IncomingMessage,
): Promise<{ readonly size: number; readonly digest: string }> {
  const path = assetPath(store, repo, id);
  const partial = `${path}.part`;
  mkdirSync(dirname(path), { recursive: true });
  const file = await open(partial, 'w');
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      hash.update(bytes);
      size += bytes.length;
      await file.write(bytes);
    }
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  renameSync(partial, path);
  return { size, digest: `sha256:${hash.digest('hex')}` };
}
