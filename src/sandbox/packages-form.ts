/** What a form may hold at most; more is refused while it comes, whatever its length was said to be. */
export interface FormLimits {
  /** Bytes of all fields but the file. */
  readonly fields: number;
  readonly count: number;
  /** Bytes of the headers of one part. */
  readonly headers: number;
  /** Bytes of the file. */
  readonly file: number;
}

/** Where the bytes of the file go. */
export interface FileSink {
  write(bytes: Uint8Array): Promise<void>;
}

export interface ReadForm {
  /** Every value of each field, in order. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Null: no file came. */
  readonly file: { readonly name: string; readonly size: number } | null;
}

/** Why a form is none that is taken. `too-large`: the file has more bytes than it may. */
export class FormError extends Error {
  override readonly name = 'FormError';
  readonly code: 'broken' | 'too-large';
  constructor(code: FormError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const broken = (what: string) => new FormError('broken', what);

/** The boundary of a multipart/form-data (RFC 7578, 2046); null for another type, or one that cannot be. */
export function boundaryOf(contentType: string | undefined): string | null {
  const found = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([\w'()+,./:=?-]{1,70}))/iu.exec(
    contentType ?? '',
  );
  return found?.[1] ?? found?.[2] ?? null;
}

interface Part {
  readonly name: string;
  readonly fileName: string | null;
  readonly chunks: Uint8Array[];
}

/** Reads a form as it comes: fields are held, the file goes to the sink piece by piece. Throws `FormError`. */
export async function readForm(
  body: AsyncIterable<Buffer>,
  boundary: string,
  how: { readonly limits: FormLimits; readonly sink: FileSink },
): Promise<ReadForm> {
  const reader = new FormReader(boundary, how.limits, how.sink);
  for await (const chunk of body) await reader.feed(chunk);
  return reader.end();
}

/** Where the reader is: in the value of a part (or before the first), behind a boundary, in the headers of a part, behind the last boundary. */
type Place = 'value' | 'boundary' | 'headers' | 'after';

class FormReader {
  readonly #delimiter: Buffer;
  readonly #limits: FormLimits;
  readonly #sink: FileSink;
  readonly #fields = new Map<string, string[]>();
  #file: { readonly name: string; size: number } | null = null;
  #fieldBytes = 0;
  #count = 0;
  #place: Place = 'value';
  #part: Part | null = null;
  /** The first boundary has no line before it. */
  #rest: Buffer = Buffer.from('\r\n');

  constructor(boundary: string, limits: FormLimits, sink: FileSink) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
    this.#limits = limits;
    this.#sink = sink;
  }

  async feed(chunk: Buffer): Promise<void> {
    this.#rest = this.#place === 'after' ? Buffer.alloc(0) : Buffer.concat([this.#rest, chunk]);
    while (await this.#step());
  }

  end(): ReadForm {
    if (this.#place !== 'after') throw broken('it ends in its middle, or has another boundary than it says');
    return { fields: this.#fields, file: this.#file };
  }

  /** False when more has to come first. */
  #step(): boolean | Promise<boolean> {
    switch (this.#place) {
      case 'value':
        return this.#value();
      case 'boundary':
        return this.#boundary();
      case 'headers':
        return this.#headers();
      case 'after':
        return false;
    }
  }

  async #value(): Promise<boolean> {
    const found = this.#rest.indexOf(this.#delimiter);
    const safe = found >= 0 ? found : Math.max(0, this.#rest.length - this.#delimiter.length);
    if (this.#part !== null && safe > 0) await this.#take(this.#part, this.#rest.subarray(0, safe));
    this.#rest = this.#rest.subarray(safe);
    if (found < 0) return false;
    if (this.#part?.fileName === null) {
      const { name, chunks } = this.#part;
      const values = this.#fields.get(name) ?? [];
      values.push(textOf(Buffer.concat(chunks)));
      this.#fields.set(name, values);
    }
    this.#part = null;
    this.#rest = this.#rest.subarray(this.#delimiter.length);
    this.#place = 'boundary';
    return true;
  }

  #boundary(): boolean {
    if (this.#rest.length < 2) return false;
    const next = this.#rest.toString('latin1', 0, 2);
    if (next !== '--' && next !== '\r\n') throw broken('a boundary that goes on');
    this.#rest = this.#rest.subarray(2);
    this.#place = next === '--' ? 'after' : 'headers';
    return true;
  }

  #headers(): boolean {
    const found = this.#rest.indexOf('\r\n\r\n');
    if (found < 0 && this.#rest.length > this.#limits.headers) throw broken('headers without an end');
    if (found < 0) return false;
    this.#count += 1;
    if (this.#count > this.#limits.count) throw broken(`more than ${this.#limits.count} fields`);
    this.#part = partOf(textOf(this.#rest.subarray(0, found)));
    if (this.#part.fileName !== null) {
      if (this.#file !== null || this.#part.name !== 'content') throw broken('more than one file');
      this.#file = { name: this.#part.fileName, size: 0 };
    }
    this.#rest = this.#rest.subarray(found + 4);
    this.#place = 'value';
    return true;
  }

  async #take(part: Part, bytes: Uint8Array): Promise<void> {
    if (part.fileName === null || this.#file === null) {
      this.#fieldBytes += bytes.length;
      if (this.#fieldBytes > this.#limits.fields) throw broken(`more than ${this.#limits.fields} bytes of fields`);
      part.chunks.push(Uint8Array.from(bytes));
      return;
    }
    this.#file.size += bytes.length;
    if (this.#file.size > this.#limits.file) throw new FormError('too-large', `more than ${this.#limits.file} bytes`);
    await this.#sink.write(bytes);
  }
}

function partOf(head: string): Part {
  const line = head.split('\r\n').find((each) => /^content-disposition:/iu.test(each)) ?? '';
  const name = /[;\s]name="([^"]{1,200})"/iu.exec(line)?.[1];
  if (name === undefined) throw broken('a part without a name');
  const fileName = /[;\s]filename="([^"]{0,1000})"/iu.exec(line)?.[1] ?? null;
  return { name, fileName, chunks: [] };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw broken('a text that is not UTF-8');
  }
}
