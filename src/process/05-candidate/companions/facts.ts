import type { Digest } from '../../../domain/canonical-json.ts';
import type { Observed } from '../../../domain/observation.ts';
import type { Pep440Version } from '../../../domain/pep440.ts';
import type { Resolution } from '../../../ports/resolver.ts';

/** A package of the train as a cell has it. */
export interface Companion {
  readonly package: string;
  readonly version: Pep440Version;
  /** What the file in the channel is; null where nobody recorded it. */
  readonly digest: Digest | null;
  /** Whether its file lies in the channel. */
  readonly isThere: boolean;
}

/** The packages that somebody with one platform, one accelerator and one Python installs together. */
export interface CompanionGroup {
  /** `linux-x86_64 cu126 3.13`. */
  readonly name: string;
  /** The index they are told to install from. */
  readonly index: string;
  readonly companions: readonly Companion[];
  /** Null: it was not asked, since that takes long. */
  readonly resolution: Observed<Resolution> | null;
}

export interface CompanionFacts {
  readonly address: string;
  readonly groups: readonly CompanionGroup[];
}
