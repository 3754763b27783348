import { systemDocumentTools, type DocumentTools } from '../adapters/http/document.ts';
import type { IndexCredentials } from '../adapters/pypi/credentials.ts';
import { pypiFiles } from '../adapters/pypi/package-files.ts';
import type { PackageFiles } from '../ports/package-files.ts';
import type { PackageIndex } from '../sandbox/packages.ts';
import type { MemoryStore } from './memory-store.ts';

/** The tools of an adapter that waits for nothing: what it would wait is noted, in milliseconds, and what takes too long ends when the test says so. */
export interface HastyTools {
  readonly tools: DocumentTools;
  readonly waits: number[];
  /** Ends everything that is under way as if its time were over. */
  timeOver(): void;
}

export function hastyTools(): HastyTools {
  const waits: number[] = [];
  const underWay = new Set<() => void>();
  const timers = {
    sleep: async (millis: number) => void waits.push(millis),
    after: (_millis: number, act: () => void) => {
      underWay.add(act);
      return () => void underWay.delete(act);
    },
    random: () => 0,
  };
  return {
    tools: { ...systemDocumentTools, http: { ...systemDocumentTools.http, timers } },
    waits,
    timeOver: () => {
      for (const act of underWay) act();
    },
  };
}

/** The real adapter before an index of the sandbox, with wheels out of a store. */
export function indexAdapter(
  index: PackageIndex,
  store: MemoryStore,
  { tools, credentials }: { readonly tools: DocumentTools; readonly credentials?: IndexCredentials | null },
): PackageFiles {
  const token = { by: 'token', token: index.tokens['owner'] ?? '' } as const;
  return pypiFiles({
    placeOf: async () => ({
      address: index.simpleUrl,
      upload: index.uploadUrl,
      credentials: credentials === undefined ? token : credentials,
      howToGive: { upload: 'Give the address.', credentials: 'Set the token.' },
    }),
    sourceOf: async ({ key }) => store.source(key),
    tools,
  });
}
