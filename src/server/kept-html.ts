import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Shown } from './show.ts';

/** How an answer may be compressed, best first. */
type Encoding = 'br' | 'gzip';

/** A document as it goes over the wire; `encoding` is null for a client that reads no compression. */
export interface PackedHtml {
  readonly encoding: Encoding | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A whole document: what is in it, and how it is made. */
export interface WholeHtml {
  readonly shown: Shown;
  /** All that the document says besides what is shown. */
  readonly around: string;
  readonly make: () => string;
}

/** The largest page is 50 kB compressed, and 1 MB as it is. */
const KEPT_BYTES = 48_000_000;
/** What is shorter is as long compressed. */
const LEAST_CHARS = 1_024;
const QUALITY = 5;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
const encoder = new TextEncoder();

/** What the client takes, by the header `Accept-Encoding`; null where it takes neither. */
export function encodingOf(accept: string | undefined): Encoding | null {
  const offered = (accept ?? '').toLowerCase().split(',');
  const takes = (name: string): boolean =>
    offered.some((one) => {
      const [coding = '', ...parameters] = one.split(';').map((part) => part.trim());
      return coding === name && !parameters.some((parameter) => /^q=0(?:\.0*)?$/u.test(parameter));
    });
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : null;
}

interface Kept {
  readonly packing: Promise<PackedHtml>;
  /** 0 while it is not compressed yet. */
  size: number;
}

/**
 * Documents as bytes, kept while they say the same: compressing a large page takes ten times as long as all else of answering, putting it together
 * and encoding it twice as long, and whoever loads a page again within the minute gets the same bytes. A document is told by what it is made from, so that keeping one changes no answer.
 */
export class KeptHtml {
  /** In the order of the last use. */
  readonly #kept = new Map<string, Kept>();
  readonly #names = new WeakMap<Shown, number>();
  readonly #room: number;
  #last = 0;

  constructor(room = KEPT_BYTES) {
    this.#room = room;
  }

  /** Null where it is too short to be worth it. */
  async pack({ shown, around, make }: WholeHtml, accept: string | undefined): Promise<PackedHtml | null> {
    const encoding = encodingOf(accept);
    const key = JSON.stringify([this.#nameOf(shown), encoding, around]);
    const found = this.#kept.get(key);
    if (found !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, found);
      return found.packing;
    }
    const html = make();
    if (html.length < LEAST_CHARS) return null;
    const entry: Kept = { packing: packed(html, encoding), size: 0 };
    this.#kept.set(key, entry);
    try {
      entry.size = (await entry.packing).bytes.length;
      this.#makeRoom();
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
    return entry.packing;
  }

  #nameOf(shown: Shown): number {
    const name = this.#names.get(shown) ?? (this.#last += 1);
    this.#names.set(shown, name);
    return name;
  }

  #makeRoom(): void {
    let bytes = [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [key, { size }] of this.#kept) {
      if (bytes <= this.#room) return;
      bytes -= size;
      this.#kept.delete(key);
    }
  }
}

async function packed(html: string, encoding: Encoding | null): Promise<PackedHtml> {
  if (encoding === null) return { encoding, bytes: encoder.encode(html) };
  const bytes =
    encoding === 'br' ? await brotli(html, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }) : await zip(html);
  return { encoding, bytes: Uint8Array.from(bytes) };
}
