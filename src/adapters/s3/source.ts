import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { ByteSourceError, type ByteSource, type ByteSourceFailure, type Tail } from '../../domain/byte-source.ts';
import type { StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError, type ArtifactStoreFailure, type StoredObject } from '../../ports/artifact-store.ts';
import { bareEtag, type S3Place } from './place.ts';
import { checkRange, discard, isNoRange, piecesOf, wholeBody, whereIn } from './range-answer.ts';
import type { Look } from './read.ts';
import { ReadMemory } from './read-memory.ts';

/** How often in a row an answer may break off without a single byte. */
const RESUMES = 4;

const MOST_BEFORE = 1024 * 1024;

const CODES: Partial<Record<ArtifactStoreFailure, ByteSourceFailure>> = {
  missing: 'missing',
  changed: 'changed',
  'not-allowed': 'not-allowed',
};

function sourceError(error: unknown, name: string): unknown {
  if (!(error instanceof ArtifactStoreError)) return error;
  return new ByteSourceError(CODES[error.code] ?? 'unreachable', `${name}: ${error.message}`, { cause: error });
}

/** A failure of a copy: that the source is not there, or not what it was, is the source's. */
export function ofSource(source: ByteSource, error: unknown): unknown {
  if (!(error instanceof ArtifactStoreError) || (error.code !== 'missing' && error.code !== 'changed')) return error;
  return new ByteSourceError(error.code, `${source.name}: ${error.message}`, { cause: error });
}

/** An object that can be read, and copied where it lies. */
export class S3Source implements ByteSource {
  readonly name: string;
  readonly place: S3Place;
  readonly key: StoreKey;
  readonly #look: Look;
  readonly #memory = new ReadMemory();
  #pinned: string | null;
  #reads = 0;
  #size: number | null = null;

  constructor(place: S3Place, key: StoreKey, at: { readonly etag: string | undefined; readonly look: Look }) {
    this.name = `${place.name}/${key}`;
    this.place = place;
    this.key = key;
    this.#look = at.look;
    this.#pinned = at.etag ?? null;
  }

  /** The state that all reads are of; null before the first. */
  get pinned(): string | null {
    return this.#pinned;
  }

  /** How many reads the server answered. */
  get reads(): number {
    return this.#reads;
  }

  /** Looks at the object, which must still be in its state. */
  async check(): Promise<StoredObject> {
    try {
      const found = await this.#look(this.key);
      if (found === null) throw new ByteSourceError('missing', `${this.name} is not there`);
      this.#pin(found.etag);
      return found;
    } catch (error) {
      throw sourceError(error, this.name);
    }
  }

  async tail(length: number): Promise<Tail> {
    const { name } = this;
    try {
      return await this.#ranged(`-${Math.max(1, length)}`, async (answer) => {
        const { size, from } = whereIn(answer, name);
        this.#size = size;
        const bytes = await wholeBody(answer, { length: size - from, name });
        this.#memory.keep(from, bytes);
        return { size, bytes: length === 0 ? new Uint8Array() : bytes };
      });
    } catch (error) {
      if (!isNoRange(error)) throw error;
      // Nothing can be had of nothing; anything else is as wrong as it sounds.
      const { size } = await this.check();
      if (size > 0) throw error;
      return { size: 0, bytes: new Uint8Array() };
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const known = length === 0 ? new Uint8Array() : this.#memory.recall(offset, length);
    if (known !== null) return known;
    const before = this.#before(offset, length);
    const asked = { offset: offset - before, length: before + length, name: this.name };
    return this.#between(asked.offset, asked.length, async (answer) => {
      checkRange(answer, asked);
      const bytes = await wholeBody(answer, asked);
      this.#memory.keep(asked.offset, bytes);
      return bytes.subarray(before);
    });
  }

  /**
   * How much of what lies before is read along, when the end is known already: a thousandth of the whole. Whoever reads backwards from the end of a
   * wheel, as its directory leads, comes to that next.
   */
  #before(offset: number, length: number): number {
    if (this.#size === null || !this.#memory.knows(offset + length)) return 0;
    return Math.min(offset, MOST_BEFORE, Math.floor(this.#size / 1000));
  }

  /** One request; where an answer breaks off it goes on from there with another, as long as it gets on at all. */
  async *stream(offset: number, length: number): AsyncGenerator<Uint8Array> {
    const end = offset + length;
    let at = offset;
    let vain = 0;
    while (at < end) {
      const began = at;
      const asked = { offset: at, length: end - at, name: this.name };
      try {
        for await (const piece of this.#once(asked)) {
          at += piece.length;
          yield piece;
        }
        if (at < end) throw new Error('the answer ended early');
      } catch (error) {
        vain = at > began ? 0 : vain + 1;
        if (error instanceof ByteSourceError || vain >= RESUMES) throw sourceOf(error, this.name);
      }
    }
  }

  async *#once(asked: {
    readonly offset: number;
    readonly length: number;
    readonly name: string;
  }): AsyncGenerator<Uint8Array> {
    const answer = await this.#between(asked.offset, asked.length, async (opened) => {
      checkRange(opened, asked);
      return opened;
    });
    yield* piecesOf(answer, asked);
  }

  /** Holds an answer to the one state. */
  #pin(found: string | undefined): void {
    const { name } = this;
    const seen = bareEtag(found);
    if (seen === '')
      throw new ByteSourceError('unreachable', `${name} is told without an ETag and cannot be held to one state`);
    this.#pinned ??= seen;
    if (seen !== this.#pinned) throw new ByteSourceError('changed', `${name} was written again since it was looked at`);
  }

  async #between<Answer>(
    offset: number,
    length: number,
    use: (answer: GetObjectCommandOutput) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await this.#ranged(`${offset}-${offset + length - 1}`, use);
    } catch (error) {
      if (!isNoRange(error)) throw error;
      throw new ByteSourceError('short', `${this.name} ends before ${offset}`, { cause: error });
    }
  }

  /** Opens one range; `use` reads its body within the same attempt, so that a body that breaks off is asked for again. */
  async #ranged<Answer>(range: string, use: (answer: GetObjectCommandOutput) => Promise<Answer>): Promise<Answer> {
    const { place, name } = this;
    const input = { Bucket: place.bucket, Key: place.keyIn(this.key), Range: `bytes=${range}` };
    try {
      return await place.ask(`read ${name}`, async () => {
        const condition = this.#pinned === null ? {} : { IfMatch: `"${this.#pinned}"` };
        const answer = await place.client.send(new GetObjectCommand({ ...input, ...condition }));
        try {
          this.#reads += 1;
          this.#pin(answer.ETag);
          if (answer.$metadata.httpStatusCode === 206) return await use(answer);
          throw new ByteSourceError('no-ranges', `${name}: the server sends only the whole object`);
        } catch (error) {
          discard(answer);
          throw error;
        }
      });
    } catch (error) {
      throw sourceError(error, name);
    }
  }
}

function sourceOf(error: unknown, name: string): ByteSourceError {
  if (error instanceof ByteSourceError) return error;
  return new ByteSourceError('unreachable', `${name}: the answer breaks off`, { cause: error });
}
