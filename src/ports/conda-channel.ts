import type { ByteSource } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import type { Instant } from '../domain/instant.ts';

/** A package file of a conda channel as the channel tells of it. What it does not tell is null. */
export interface CondaFile {
  /** `linux-64`, `noarch`. */
  readonly subdir: string;
  /** `torch-2.5.1-py3.12_cuda12.4_0.conda`. */
  readonly fileName: string;
  readonly url: string;
  readonly name: string;
  readonly version: string;
  /** The build string: which Python, which accelerator, by the habits of who built it. */
  readonly build: string;
  readonly buildNumber: number;
  readonly depends: readonly string[];
  readonly size: number | null;
  readonly sha256: Digest | null;
  /** 32 hexadecimal digits. */
  readonly md5: string | null;
  readonly builtAt: Instant | null;
}

export interface CondaSubdir {
  /** By file name. */
  readonly files: readonly CondaFile[];
  /** File names that the channel says were taken away. */
  readonly removed: readonly string[];
  /** What it lists and no package file can be, in words for people. */
  readonly strange: readonly string[];
}

/** A conda channel, as everybody can read it. Null is its answer that there is no such thing. Failures throw `CondaChannelError`. */
export interface CondaChannel {
  /** For people: its address. */
  readonly name: string;
  /** All files for one platform. */
  subdir(subdir: string): Promise<CondaSubdir | null>;
  /** The bytes of a file that it lists. */
  source(file: Pick<CondaFile, 'url'>): ByteSource;
}

/** `invalid`: no name of a platform. The others are as they say. */
export class CondaChannelError extends Error {
  readonly code: 'invalid' | 'not-allowed' | 'busy' | 'unreachable' | 'unexpected-answer';
  constructor(code: CondaChannelError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CondaChannelError';
    this.code = code;
  }
}
