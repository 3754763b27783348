/** A Python or ABI tag's version: 3.13; the minor is null in `py3`. */
export interface PythonNumber {
  readonly major: number;
  readonly minor: number | null;
}

/** A Python tag taken apart: `cp313`, `py3`. */
export interface PythonTag {
  readonly implementation: 'cpython' | 'generic' | 'pypy' | 'graalpy' | 'other';
  /** Null where the tag has none that can be read. */
  readonly version: PythonNumber | null;
}

const IMPLEMENTATIONS: Readonly<Record<string, PythonTag['implementation']>> = {
  cp: 'cpython',
  py: 'generic',
  pp: 'pypy',
  graalpy: 'graalpy',
};

/** Reads a Python tag; one of an implementation that is not known is `other`. */
export function parsePythonTag(tag: string): PythonTag {
  const match = /^([a-z]+)(\d?)(\d{0,3})$/.exec(tag);
  const implementation = IMPLEMENTATIONS[match?.[1] ?? ''] ?? 'other';
  return { implementation, version: numberOf(match?.[2], match?.[3]) };
}

function numberOf(major: string | undefined, minor: string | undefined): PythonNumber | null {
  if (major === undefined || major === '') return null;
  return { major: Number(major), minor: minor === undefined || minor === '' ? null : Number(minor) };
}

/** An ABI tag taken apart: `none`, `abi3`, `cp313t`. */
export type AbiTag =
  | { readonly kind: 'none' }
  /** The stable ABI: later Pythons take it too. */
  | { readonly kind: 'stable'; readonly freeThreaded: boolean }
  | {
      readonly kind: 'cpython';
      readonly version: PythonNumber;
      readonly freeThreaded: boolean;
      readonly debug: boolean;
    }
  | { readonly kind: 'other' };

/** Reads an ABI tag. */
export function parseAbiTag(tag: string): AbiTag {
  if (tag === 'none') return { kind: 'none' };
  if (tag === 'abi3' || tag === 'abi3t') return { kind: 'stable', freeThreaded: tag === 'abi3t' };
  const match = /^cp(\d)(\d{1,3})([a-z]*)$/.exec(tag);
  const version = numberOf(match?.[1], match?.[2]);
  if (match === null || version === null) return { kind: 'other' };
  const flags = match[3] ?? '';
  return { kind: 'cpython', version, freeThreaded: flags.includes('t'), debug: flags.includes('d') };
}

/** The Python build that a wheel of these tags is for, as the train writes it: 3.13, 3.13t; null for one that several take. */
export function pythonBuild(python: string, abi: string): string | null {
  const { implementation, version } = parsePythonTag(python);
  const binary = parseAbiTag(abi);
  if (implementation !== 'cpython' || version === null || version.minor === null || binary.kind !== 'cpython')
    return null;
  return `${version.major}.${version.minor}${binary.freeThreaded ? 't' : ''}`;
}
