/** How much of a zip is looked at, so that no file can cost more memory or time than it is worth. All bytes unless said otherwise. */
export interface ZipLimits {
  readonly file: number;
  /** Entries of the directory, a count. */
  readonly entries: number;
  readonly directory: number;
  /** What all entries claim to be, unpacked. */
  readonly unpacked: number;
  /** How many times larger than the file all entries may be together, once they are over 100 MB. */
  readonly ratio: number;
  /** What is unpacked into memory at once. */
  readonly held: number;
  /** Read from the end at first: the directory of a small wheel, and often its metadata, come with it. */
  readonly tail: number;
  /** Problems told of one zip, a count. */
  readonly problems: number;
}

const MEBIBYTE = 1024 * 1024;

/** Far above every wheel there is; a file that needs more is told so. */
export const usualLimits: ZipLimits = {
  file: 16 * 1024 * MEBIBYTE,
  entries: 200_000,
  directory: 64 * MEBIBYTE,
  unpacked: 64 * 1024 * MEBIBYTE,
  ratio: 200,
  held: 64 * MEBIBYTE,
  tail: 128 * 1024,
  problems: 50,
};

/** Deflate cannot shrink more than this, whatever the content. */
export const DEFLATE_RATIO = 1032;
