import type { ByteSource, Piece } from '../../domain/byte-source.ts';
import { splicedBytes } from '../../domain/splice.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError, type ComposeDraft, type Composed } from '../../ports/artifact-store.ts';
import { eachAtOnce } from '../http/slots.ts';
import { refusalOf } from './failure.ts';
import { inParts } from './multipart.ts';
import { planParts, type Part } from './parts.ts';
import { checkCondition, putObject, readBack, type Writing } from './put.ts';
import type { S3Source } from './source.ts';

/** What lies this near in the source is read in one request. */
const NEAR = 256 * 1024;
const MOST_READ_AT_ONCE = 8 * 1024 * 1024;
const AT_ONCE = 4;

/** What a server says that cannot make an object of such parts: of unequal ones, of copied ones, or of any. */
const CANNOT = [
  'InvalidPart',
  'EntityTooSmall',
  'NotImplemented',
  'InvalidRequest',
  'MethodNotAllowed',
  'InvalidArgument',
];

/** Sends all of the splice from here. */
export async function composeHere(
  writing: Writing,
  from: ByteSource,
  to: StoreKey,
  { splice, ...draft }: ComposeDraft,
): Promise<Composed> {
  const content = { size: splice.size, stream: splicedBytes(from, splice) };
  const object = await putObject(writing, to, content, draft);
  const read = splice.pieces.reduce((sum, piece) => sum + (piece.kind === 'copy' ? piece.length : 0), 0);
  return { object, made: 'through-here', sent: splice.size, read };
}

/** Composes where the source lies; where the store cannot, everything is sent. */
export async function composeThere(
  writing: Writing,
  from: S3Source,
  to: StoreKey,
  draft: ComposeDraft,
): Promise<Composed> {
  const parts = planParts(draft.splice, writing.place.limits);
  if (parts === null) return composeHere(writing, from, to, draft);
  try {
    return await inStore(writing, from, to, { draft, parts });
  } catch (error) {
    const cause =
      error instanceof ArtifactStoreError && error.code === 'unexpected-answer' ? refusalOf(error.cause) : null;
    if (cause === null || !CANNOT.includes(cause.code)) throw error;
    return composeHere(writing, from, to, draft);
  }
}

interface Work {
  readonly draft: ComposeDraft;
  readonly parts: readonly Part[];
}

async function inStore(writing: Writing, from: S3Source, to: StoreKey, { draft, parts }: Work): Promise<Composed> {
  const { place } = writing;
  await checkCondition(writing, to, draft.onlyIf);
  // Without a state to hold to, the parts could be of two.
  if (from.pinned === null) await from.check();
  let sent = 0;
  let read = 0;
  const etag = await inParts(place, to, draft, async (upload) => {
    const numbered = parts.map((part, index) => ({ part, number: index + 1 }));
    await eachAtOnce(numbered, AT_ONCE, async ({ part, number }) => {
      if (part.kind === 'copy') await upload.copy(number, from, part);
    });
    const before = from.reads;
    for (const { part, number } of numbered) {
      if (part.kind !== 'send') continue;
      const bytes = await bytesOf(from, part);
      read += bytes.read;
      sent += part.length;
      await upload.send(number, bytes.whole);
    }
    // A read after the copies has seen that the source is what it was; otherwise it is asked.
    if (from.reads === before) await from.check();
  });
  const { sha256 } = draft;
  const object = await readBack(writing, to, { size: draft.splice.size, sha256, etag });
  return { object, made: 'in-store', sent, read };
}

interface Range {
  readonly offset: number;
  readonly end: number;
}

/** What the pieces take from the source, as few ranges. */
function rangesOf(pieces: readonly Piece[]): readonly Range[] {
  const ranges: Range[] = [];
  const wanted = pieces.flatMap((piece) =>
    piece.kind === 'copy' ? [{ offset: piece.offset, end: piece.offset + piece.length }] : [],
  );
  for (const next of wanted.toSorted((left, right) => left.offset - right.offset)) {
    const last = ranges.at(-1);
    const end = Math.max(last?.end ?? 0, next.end);
    if (last !== undefined && next.offset <= last.end + NEAR && end - last.offset <= MOST_READ_AT_ONCE) {
      ranges.splice(-1, 1, { offset: last.offset, end });
    } else ranges.push(next);
  }
  return ranges;
}

async function bytesOf(
  source: ByteSource,
  { pieces, length }: Extract<Part, { kind: 'send' }>,
): Promise<{ readonly whole: Uint8Array; readonly read: number }> {
  const ranges = rangesOf(pieces);
  const held = await Promise.all(
    ranges.map(async ({ offset, end }) => ({ offset, bytes: await source.read(offset, end - offset) })),
  );
  const whole = Buffer.allocUnsafe(length);
  let at = 0;
  for (const piece of pieces) {
    const bytes = piece.kind === 'bytes' ? piece.bytes : within(held, piece.offset, piece.length);
    whole.set(bytes, at);
    at += bytes.length;
  }
  return { whole, read: ranges.reduce((sum, { offset, end }) => sum + end - offset, 0) };
}

function within(held: readonly { offset: number; bytes: Uint8Array }[], offset: number, length: number): Uint8Array {
  const found = held.find((each) => each.offset <= offset && offset + length <= each.offset + each.bytes.length);
  if (found === undefined) throw new Error('a range was not read');
  return found.bytes.subarray(offset - found.offset, offset - found.offset + length);
}
