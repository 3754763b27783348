import type { ByteSource, Splice } from '../../domain/byte-source.ts';
import type { ReversionFileStep } from '../../domain/plan/step.ts';
import { splicedBytes } from '../../domain/splice.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import type { FileAnswer, FileChangeDraft, FileFacts } from '../../ports/artifact-files.ts';
import type { ServedAs, WriteCondition } from '../../ports/artifact-store.ts';
import { explain, reversionOf } from '../../wheel/reversion/index.ts';
import { asideOf } from './aside.ts';
import { afterFailure, destination, origin, type Ends } from './copy.ts';
import { fileFailure } from './failures.ts';
import { digestOfBytes, foundIn, servedAs } from './place.ts';

export type ReversionDraft = FileChangeDraft & { readonly order: ReversionFileStep['order'] };

const no = (reason: string): FileAnswer => ({ done: false, reason });

/** Makes a wheel of another version out of exactly the planned one; what comes out otherwise than planned is put nowhere. */
export async function reversionFile(ends: Ends, is: FileFacts, wanted: ReversionDraft): Promise<FileAnswer> {
  const { from, to } = ends;
  const place = await destination(ends, wanted);
  if (!place.free) return place.answer;
  const source = await origin(ends, is);
  if ('reason' in source) return no(source.reason);
  try {
    const bytes = from.store.source(from.key, source.etag);
    const splice = await planned(bytes, { from: from.key, to: to.key }, wanted);
    if ('reason' in splice) return no(splice.reason);
    const served = servedAs(source);
    const making = { bytes, splice, served, onlyIf: place.onlyIf };
    return to.store.reaches(bytes) ? await composed(ends, wanted, making) : await streamed(ends, wanted, making);
  } catch (error) {
    const failure = fileFailure(error);
    if (failure === null || !(error instanceof Error)) throw error;
    if (failure === 'other-bytes') return no(otherwise(lastOf(to.key), error.message));
    return afterFailure(ends, wanted, error);
  }
}

interface Making {
  readonly bytes: ByteSource;
  readonly splice: Splice;
  readonly served: ServedAs;
  readonly onlyIf: WriteCondition;
}

/** The splice that the plan was made with, as far as can be seen before it is carried out. */
async function planned(
  bytes: ByteSource,
  keys: { readonly from: StoreKey; readonly to: StoreKey },
  { order, size }: ReversionDraft,
): Promise<Splice | { readonly reason: string }> {
  const reversion = await reversionOf(bytes, lastOf(keys.from), order);
  if (!reversion.ok) return { reason: reversion.problems.map((problem) => explain(problem)).join(' ') };
  const { to, splice } = reversion.value;
  if (to.fileName !== lastOf(keys.to)) {
    return { reason: `${lastOf(keys.from)} becomes ${to.fileName}, and was planned as ${lastOf(keys.to)}. Plan again` };
  }
  return splice.size === size ? splice : { reason: otherwise(lastOf(keys.to), `${splice.size} bytes, not ${size}`) };
}

function lastOf(key: StoreKey): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function otherwise(name: string, how: string): string {
  return `${name} would come out otherwise than planned (${how}): another version of Signalbox planned it. Plan again`;
}

/** Sent through here, and held against its digest before anything is visible. */
async function streamed({ to, streams }: Ends, wanted: FileFacts, making: Making): Promise<FileAnswer> {
  const { bytes, splice, served, onlyIf } = making;
  const content = { size: splice.size, stream: splicedBytes(bytes, splice) };
  const draft = { sha256: wanted.digest, served, onlyIf };
  const object = await streams.run(() => to.store.put(to.key, content, draft));
  return { done: true, found: foundIn(object) };
}

/**
 * Composed in the store under a name that nobody asks for, read back whole, and only then copied to its own name with its digest recorded: at no
 * moment does a file lie there whose bytes were not read (docs/decisions/0140).
 */
async function composed({ to, streams, sweep }: Ends, wanted: FileFacts, making: Making): Promise<FileAnswer> {
  const { bytes, splice, served, onlyIf } = making;
  const { store } = to;
  await sweep(store);
  const aside = asideOf(wanted.digest);
  const { object } = await store.compose(bytes, aside, { splice, sha256: null, served, onlyIf: null });
  try {
    const digest = await streams.run(() => digestOfBytes(store, object));
    if (digest !== wanted.digest) return no(otherwise(lastOf(to.key), `${digest}, not ${wanted.digest}`));
    const draft = { size: wanted.size, sha256: digest, served, onlyIf };
    return { done: true, found: foundIn(await store.copy(store.source(aside, object.etag), to.key, draft)) };
  } finally {
    await store.remove(aside, null);
  }
}
