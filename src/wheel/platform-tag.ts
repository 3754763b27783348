/** A version of two numbers: of glibc, musl, macOS. */
export interface PlatformVersion {
  readonly major: number;
  readonly minor: number;
}

/** A platform tag taken apart. */
export type PlatformTag =
  | { readonly kind: 'any' }
  /** Linux with at least this glibc; `legacy` is the name that stood for it before PEP 600. */
  | {
      readonly kind: 'manylinux';
      readonly libc: PlatformVersion;
      readonly architecture: string;
      readonly legacy: string | null;
    }
  | { readonly kind: 'musllinux'; readonly libc: PlatformVersion; readonly architecture: string }
  /** Some Linux, nothing said of what it must have: no public index takes it. */
  | { readonly kind: 'linux'; readonly architecture: string }
  /** `architectures`: what the group stands for, x86_64 and arm64 of universal2. */
  | {
      readonly kind: 'macos';
      readonly system: PlatformVersion;
      readonly group: string;
      readonly architectures: readonly string[];
    }
  | { readonly kind: 'windows'; readonly architecture: string }
  /** Android, iOS, Emscripten and others: named, no more is needed of them. */
  | { readonly kind: 'other'; readonly family: string };

const LEGACY: Readonly<Record<string, PlatformVersion>> = {
  manylinux1: { major: 2, minor: 5 },
  manylinux2010: { major: 2, minor: 12 },
  manylinux2014: { major: 2, minor: 17 },
};

const MAC_GROUPS: Readonly<Record<string, readonly string[]>> = {
  universal2: ['x86_64', 'arm64'],
  universal: ['i386', 'ppc', 'ppc64', 'x86_64'],
  intel: ['i386', 'x86_64'],
  fat: ['i386', 'ppc'],
  fat3: ['i386', 'ppc', 'x86_64'],
  fat32: ['i386', 'ppc'],
  fat64: ['ppc64', 'x86_64'],
};

/** Reads a platform tag; one of a family that is not known is `other`. */
export function parsePlatformTag(tag: string): PlatformTag {
  if (tag === 'any') return { kind: 'any' };
  return linuxTag(tag) ?? macTag(tag) ?? windowsTag(tag) ?? { kind: 'other', family: /^[a-z]*/.exec(tag)?.[0] ?? '' };
}

function linuxTag(tag: string): PlatformTag | null {
  const versioned = /^(many|musl)linux_(\d{1,3})_(\d{1,3})_(\w+)$/.exec(tag);
  if (versioned !== null) {
    const libc = versionOf(versioned[2], versioned[3]);
    const architecture = versioned[4] ?? '';
    return versioned[1] === 'musl'
      ? { kind: 'musllinux', libc, architecture }
      : { kind: 'manylinux', libc, architecture, legacy: null };
  }
  const old = /^(manylinux(?:1|2010|2014))_(\w+)$/.exec(tag);
  const libc = LEGACY[old?.[1] ?? ''];
  if (old !== null && libc !== undefined)
    return { kind: 'manylinux', libc, architecture: old[2] ?? '', legacy: old[1] ?? null };
  const plain = /^linux_(\w+)$/.exec(tag);
  return plain === null ? null : { kind: 'linux', architecture: plain[1] ?? '' };
}

function macTag(tag: string): PlatformTag | null {
  const match = /^macosx_(\d{1,3})_(\d{1,3})_(\w+)$/.exec(tag);
  if (match === null) return null;
  const group = match[3] ?? '';
  return {
    kind: 'macos',
    system: versionOf(match[1], match[2]),
    group,
    architectures: MAC_GROUPS[group] ?? [group],
  };
}

function windowsTag(tag: string): PlatformTag | null {
  if (tag === 'win32') return { kind: 'windows', architecture: 'x86' };
  const match = /^win_(\w+)$/.exec(tag);
  return match === null ? null : { kind: 'windows', architecture: match[1] ?? '' };
}

function versionOf(major: string | undefined, minor: string | undefined): PlatformVersion {
  return { major: Number(major), minor: Number(minor) };
}

/** Negative where the first is older. */
export function comparePlatformVersions(left: PlatformVersion, right: PlatformVersion): number {
  return left.major - right.major || left.minor - right.minor;
}

/** What a platform rule of the train names without an architecture: `manylinux2014`, `manylinux_2_28`, `macosx_11_0`. Null where it is none. */
export function parsePlatformFloor(
  text: string,
): { readonly kind: 'manylinux' | 'musllinux' | 'macos'; readonly floor: PlatformVersion } | null {
  const parsed = parsePlatformTag(`${text}_any`);
  switch (parsed.kind) {
    case 'manylinux':
    case 'musllinux':
      return { kind: parsed.kind, floor: parsed.libc };
    case 'macos':
      return { kind: 'macos', floor: parsed.system };
    case 'any':
    case 'linux':
    case 'windows':
    case 'other':
      return null;
  }
}
