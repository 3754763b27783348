import type { PlatformVersion } from '../platform-tag.ts';

/** Platforms that the train promises: of one family, on these architectures, from this version on. */
export interface PlatformRule {
  readonly family: 'linux' | 'macos' | 'windows';
  readonly architectures: readonly string[];
  /** The newest version that a tag may ask for: glibc 2.17 of manylinux2014; null where any will do. */
  readonly newest: PlatformVersion | null;
  /** As the train writes it, for people. */
  readonly text: string;
}

/** How wheels built for an accelerator are told. Patterns: `*` stands for any text. */
export interface AcceleratorRule {
  /** As people call it: CUDA. */
  readonly title: string;
  /** Local versions that mean it: `cu*`. */
  readonly local: string;
  /** Packages that are told by what follows, by their normal names. */
  readonly packages: readonly string[];
  /** Requirements of which such a wheel has at least one: `nvidia-*`. */
  readonly requires: readonly string[];
  /** File names of which it has at least one: `libtorch_cuda.so`. */
  readonly files: readonly string[];
}

/** What is asked of wheels beyond their format. */
export interface WheelPolicy {
  /** They go to an index that knows neither local versions nor bare Linux tags. */
  readonly toIndex: boolean;
  /** Empty: nothing is promised, and nothing asked. */
  readonly platforms: readonly PlatformRule[];
  /** Platform tags that the train's builds have besides, whatever they ask for: `manylinux_2_28_x86_64`. */
  readonly platformTags: readonly string[];
  readonly accelerators: readonly AcceleratorRule[];
  /** The accelerator of the cell that the wheel is to fill, as local versions name it; null: what its name says. */
  readonly accelerator: string | null;
  /** Classifiers that the index does not know. */
  readonly unknownClassifiers: readonly string[];
  /** In bytes; null for no limit. */
  readonly fileLimit: number | null;
  /** What may lie at the top of a package's wheels, by its normal name; packages that are not there may have anything. */
  readonly topLevel: ReadonlyMap<string, readonly string[]>;
  /** Packages that must require another of the train at exactly its version, by their normal names. */
  readonly companions: readonly { readonly package: string; readonly requires: string }[];
  /** Requirements that may differ between the wheels of one package: `nvidia-*`. */
  readonly varying: readonly string[];
}

/** The formats alone: what every wheel must be. */
export const FORMAT_ONLY: WheelPolicy = {
  toIndex: false,
  platforms: [],
  platformTags: [],
  accelerators: [],
  accelerator: null,
  unknownClassifiers: [],
  fileLimit: null,
  topLevel: new Map(),
  companions: [],
  varying: [],
};

/** Whether a text fits a pattern in which `*` stands for any text. */
export function fits(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return first === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const next = text.indexOf(part, at);
    if (next === -1) return false;
    at = next + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
