/** One entry of a zip, as the directory at its end describes it. Its local header is believed only where it says the same. */
export interface ZipEntry {
  /** A relative path with slashes, checked; one of a folder ends with a slash. */
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** In bytes, unpacked. */
  readonly size: number;
  /** In bytes, as it lies in the file. */
  readonly packedSize: number;
  readonly crc: number;
  /** Permissions and kind as Unix has them; 0 when the writer did not say. */
  readonly mode: number;
  /** Where its local header begins in the file. */
  readonly start: number;
  /** Where what follows it begins: the next entry, or the directory. */
  readonly end: number;
  /** Where its record begins in the bytes of the directory, and how long it is. */
  readonly recordAt: number;
  readonly recordLength: number;
}

/**
 * What the end of a zip says of it. Entries are in the order of the directory; they are made out of its bytes when somebody asks for them, since most who
 * read a zip want few of them.
 */
export interface ZipDirectory {
  /** The name of the source, for people. */
  readonly file: string;
  /** Of the whole file, in bytes. */
  readonly size: number;
  readonly entries: readonly ZipEntry[];
  /** How many there are. */
  readonly count: number;
  /** Their names by place. */
  readonly names: readonly string[];
  /** The folders at the top that something lies in, each once. */
  readonly topFolders: readonly string[];
  /** Their sizes by place, unpacked. */
  readonly sizes: Readonly<Float64Array>;
  /** Where their local headers begin in the file, and what follows them, by place. */
  readonly starts: Readonly<Float64Array>;
  readonly ends: Readonly<Float64Array>;
  /** Where their records begin in `bytes`, by place. */
  readonly recordsAt: Readonly<Uint32Array>;
  /** The entries from a place on, so that those before it need not be made. */
  readonly entriesFrom: (place: number) => readonly ZipEntry[];
  /** Where the entry of this very name stands in `entries`. */
  readonly placeOf: (name: string) => number | null;
  /** The entry of this very name. */
  readonly find: (name: string) => ZipEntry | null;
  /** Where the directory begins in the file. */
  readonly offset: number;
  /** The records of the directory as they are. */
  readonly bytes: Uint8Array;
  readonly comment: Uint8Array;
  /** The end of the file, which has been read already: all bytes from `from` on. */
  readonly held: { readonly from: number; readonly bytes: Uint8Array };
}
