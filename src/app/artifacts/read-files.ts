import type { ByteSource } from '../../domain/byte-source.ts';
import type { Digest } from '../../domain/canonical-json.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { failureCode } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { runningDigest } from '../../domain/sha256.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import type { FoundFile } from '../../process/05-candidate/artifacts/index.ts';
import { readWheel } from '../../wheel/read-wheel.ts';
import { printRequirement } from '../../wheel/requirement.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import type { CandidateArtifacts } from './candidate.ts';

/** What was read in the files of a candidate, by key. */
export interface FilesRead {
  readonly read: ReadonlyMap<StoreKey, Digest>;
  readonly requires: ReadonlyMap<StoreKey, readonly string[] | null>;
}

/** At a time; each of them is a stream or a few small requests. */
const LANES = 8;

/** Reads what each wheel requires, by its last bytes and its metadata, and, where it is asked for, every byte of every file. */
export async function readFiles(
  app: App,
  { facts, repos }: CandidateArtifacts,
  { read, progress }: { readonly read: boolean; readonly progress?: (done: number, of: number) => void },
): Promise<Result<FilesRead, AppProblem>> {
  const opened = await app.stores.of(facts.channel);
  if (!opened.ok) return opened;
  const wanted = repos.flatMap(({ cells }) =>
    cells.flatMap(({ expected: { cell }, state }) => {
      const store = opened.value.find(({ holds }) => holds === cell.kind || holds === 'any')?.store;
      return 'file' in state && store !== undefined
        ? [{ file: state.file, store, isWheel: cell.kind === 'wheel' }]
        : [];
    }),
  );
  let done = 0;
  try {
    const all = await inLanes(wanted, LANES, async ({ file, store, isWheel }) => {
      const requires = isWheel ? await requirementsOf(store, file) : null;
      const digest = read ? await digestOfSource(store.source(file.key), file.size) : null;
      done += 1;
      progress?.(done, wanted.length);
      return { key: file.key, requires, digest };
    });
    return succeed({
      read: new Map(all.flatMap(({ key, digest }) => (digest === null ? [] : [[key, digest] as const]))),
      requires: new Map(all.map(({ key, requires }) => [key, requires])),
    });
  } catch (error) {
    if (!(error instanceof Error) || failureCode(error) === null) throw error;
    return refuse({ kind: 'no-data', code: 'bytes-unread', text: `Not all files could be read: ${error.message}` });
  }
}

/** Null for a file that is no wheel inside; what is wrong with it is for `artifacts-valid` to say. */
async function requirementsOf(store: ReadableStore, { key, name }: FoundFile): Promise<readonly string[] | null> {
  const wheel = await readWheel(store.source(key), { fileName: name, quick: true });
  const requires = wheel.ok ? wheel.value.metadata?.value.requiresDist : undefined;
  return requires?.map(({ requirement }) => printRequirement(requirement)) ?? null;
}

/** The digest of bytes that are read as a stream. */
export async function digestOfSource(source: ByteSource, size: number): Promise<Digest> {
  const digest = runningDigest();
  for await (const piece of source.stream(0, size)) digest.add(piece);
  return digest.digest();
}
