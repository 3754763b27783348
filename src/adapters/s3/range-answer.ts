import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { ByteSourceError } from '../../domain/byte-source.ts';

/** The bytes that were asked for, and of what. */
export interface AskedRange {
  readonly offset: number;
  readonly length: number;
  readonly name: string;
}

/** Which bytes an answer says it holds. */
export function whereIn(
  { ContentRange }: GetObjectCommandOutput,
  name: string,
): { readonly from: number; readonly to: number; readonly size: number } {
  const [, from, to, size] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(ContentRange ?? '') ?? [];
  if (from === undefined || to === undefined || size === undefined) {
    throw new ByteSourceError('no-ranges', `${name}: the server does not say which bytes it sends`);
  }
  return { from: Number(from), to: Number(to), size: Number(size) };
}

/** Refuses an answer that holds other bytes than were asked for. */
export function checkRange(answer: GetObjectCommandOutput, { offset, length, name }: AskedRange): void {
  const { from, to, size } = whereIn(answer, name);
  if (size < offset + length) throw new ByteSourceError('short', `${name} ends at ${size}, before ${offset + length}`);
  if (from !== offset || to !== offset + length - 1) {
    throw new ByteSourceError('no-ranges', `${name}: the server sends bytes ${from} to ${to}, not those asked for`);
  }
}

/** Whether the server said that there is nothing in the range that was asked for. */
export function isNoRange(error: unknown): boolean {
  const cause = error instanceof ByteSourceError && error.cause instanceof Error ? error.cause.cause : null;
  return cause instanceof Error && cause.name === 'InvalidRange';
}

/** The body as it comes, never more than `most` bytes of it. */
export async function* piecesOf(
  { Body }: GetObjectCommandOutput,
  { length, name }: Pick<AskedRange, 'length' | 'name'>,
): AsyncGenerator<Uint8Array> {
  if (Body === undefined) return;
  const pieces: AsyncIterable<Uint8Array> = Body instanceof Readable ? Body : Body.transformToWebStream();
  let came = 0;
  for await (const piece of pieces) {
    came += piece.length;
    if (came > length) throw new ByteSourceError('long', `${name}: more came than was asked for`);
    yield piece;
  }
}

/** The whole body, which has this length. */
export async function wholeBody(
  answer: GetObjectCommandOutput,
  asked: Pick<AskedRange, 'length' | 'name'>,
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(asked.length);
  let at = 0;
  for await (const piece of piecesOf(answer, asked)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  // Like a connection that was reset: the next attempt may get it whole.
  if (at < asked.length)
    throw Object.assign(new Error(`${asked.name}: the answer ended early`), { code: 'ECONNRESET' });
  return bytes;
}

/** Ends an answer whose body nobody wants. */
export function discard({ Body }: GetObjectCommandOutput): void {
  if (Body instanceof Readable) Body.destroy();
}
