/** The last bytes of something, and how many there are in all. */
export interface Tail {
  /** Of the whole, in bytes. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

/**
 * Bytes that can be read piece by piece: a file, an object of a store, a resource over HTTP. Made by adapters, which promise that all pieces are of
 * one state of the thing: one that changes between two reads is `changed`, never a mixture.
 */
export interface ByteSource {
  /** For people: a path, a key, an address without secrets. */
  readonly name: string;
  /** The last `length` bytes, or all where there are fewer; one request. */
  tail(length: number): Promise<Tail>;
  /** Exactly the `length` bytes from `offset`; one request. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The same in pieces of the source's choice, for what is too long to hold. */
  stream(offset: number, length: number): AsyncIterable<Uint8Array>;
}

/**
 * Why bytes could not be read. `missing`: nothing is there. `changed`: it is not what the first read saw. `short`, `long`: fewer or more bytes came
 * than were asked for. `no-ranges`: the server sends only the whole. `not-allowed`, `unreachable`: as they say.
 */
export type ByteSourceFailure = 'missing' | 'changed' | 'short' | 'long' | 'no-ranges' | 'not-allowed' | 'unreachable';

export class ByteSourceError extends Error {
  readonly code: ByteSourceFailure;

  constructor(code: ByteSourceFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ByteSourceError';
    this.code = code;
  }
}

/** A part of a new file: bytes taken over from the source as they are, or new ones. */
export type Piece =
  | { readonly kind: 'copy'; readonly offset: number; readonly length: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/**
 * A file described by what it takes over from another and what is new. Whoever holds the other makes it: a stream where it is a file here, copies of
 * parts inside a store. The same splice gives the same bytes everywhere.
 */
export interface Splice {
  /** Of the new file, in bytes. */
  readonly size: number;
  readonly pieces: readonly Piece[];
}
