import { createHash } from 'node:crypto';
import { makeZip, SYMLINK, type ZipPart } from './make-zip.ts';

/** What a RECORD can be made to get wrong. */
export type RecordLie = 'hash' | 'size' | 'missing-entry' | 'surplus-entry' | 'no-hash' | 'weak-hash' | 'absent';

/** A wheel that a test makes; what is left out is as it should be. */
export interface WheelRecipe {
  readonly name: string;
  readonly version: string;
  /** Of the file name, `py3-none-any` where it is left out. */
  readonly tags?: string;
  readonly build?: string;
  readonly variant?: string;
  /** Of the package, by path. A folder `torch/` with an `__init__.py` otherwise. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly requiresDist?: readonly string[];
  readonly requiresPython?: string;
  readonly classifiers?: readonly string[];
  readonly metadataVersion?: string;
  /** Further header lines of METADATA, as they stand there. */
  readonly headers?: readonly string[];
  readonly description?: string;
  readonly entryPoints?: string;
  readonly deflated?: boolean;
  readonly broken?: WheelDefects;
}

/** Where a wheel differs from what it should be. */
export interface WheelDefects {
  /** Instead of the file name that follows from the rest. */
  readonly fileName?: string;
  readonly distInfo?: string;
  /** Version and name that METADATA has. */
  readonly metadataVersion?: string;
  readonly metadataName?: string;
  /** Tags that WHEEL has. */
  readonly wheelTags?: readonly string[];
  readonly wheelBuild?: string;
  readonly record?: RecordLie;
  /** A symbolic link at this path. */
  readonly symlink?: string;
  /** Files left out of the wheel, though RECORD has them. */
  readonly without?: readonly string[];
  /** Instead of the text that follows from the rest. */
  readonly metadata?: string | Uint8Array;
  readonly wheel?: string;
  readonly recordText?: string;
}

export interface MadeWheel {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** A wheel by its recipe; the same recipe gives the same bytes. */
export function makeWheel(recipe: WheelRecipe): MadeWheel {
  const broken = recipe.broken ?? {};
  const escaped = recipe.name.toLowerCase().replaceAll(/[-_.]+/g, '_');
  const distInfo = broken.distInfo ?? `${escaped}-${recipe.version}.dist-info`;
  const deflated = recipe.deflated ?? true;
  const files: ZipPart[] = Object.entries(recipe.files ?? { [`${escaped}/__init__.py`]: '' }).map(
    ([path, content]) => ({
      path,
      bytes: bytesOf(content),
      deflated,
    }),
  );
  const own: ZipPart[] = [
    { path: `${distInfo}/METADATA`, bytes: bytesOf(broken.metadata ?? metadataText(recipe)), deflated },
    { path: `${distInfo}/WHEEL`, bytes: bytesOf(broken.wheel ?? wheelText(recipe)), deflated },
    ...(recipe.entryPoints === undefined
      ? []
      : [{ path: `${distInfo}/entry_points.txt`, bytes: bytesOf(recipe.entryPoints), deflated }]),
  ];
  const link: ZipPart[] =
    broken.symlink === undefined ? [] : [{ path: broken.symlink, bytes: bytesOf('../outside'), mode: SYMLINK }];
  const listed = [...files, ...own, ...link];
  const recordPath = `${distInfo}/RECORD`;
  const record: ZipPart[] =
    broken.record === 'absent'
      ? []
      : [
          {
            path: recordPath,
            bytes: bytesOf(broken.recordText ?? recordText(listed, recordPath, broken.record)),
            deflated,
          },
        ];
  const kept = [...listed, ...record].filter((part) => broken.without?.includes(part.path) !== true);
  return { fileName: broken.fileName ?? fileNameOf(recipe, escaped), bytes: makeZip(kept) };
}

/** The same kind of number for the same seed: the generator of tests that must be repeatable. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    // mulberry32: small, and good enough to spread files.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** So many files of this package with content of a seed: Python sources and a library. */
export function seededFiles(name: string, seed: number, count: number): Readonly<Record<string, Uint8Array>> {
  const next = seeded(seed);
  const files: Record<string, Uint8Array> = { [`${name}/__init__.py`]: new Uint8Array() };
  for (let index = 0; index < count; index += 1) {
    const ending = index % 10 === 0 ? 'so' : 'py';
    const bytes = Uint8Array.from({ length: next(2_000) }, () => (ending === 'so' ? next(256) : 32 + next(90)));
    files[`${name}/part${next(7)}/file_${index}.${ending}`] = bytes;
  }
  return files;
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function fileNameOf(recipe: WheelRecipe, escaped: string): string {
  return `${[
    escaped,
    recipe.version,
    ...(recipe.build === undefined ? [] : [recipe.build]),
    recipe.tags ?? 'py3-none-any',
    ...(recipe.variant === undefined ? [] : [recipe.variant]),
  ].join('-')}.whl`;
}

function metadataText(recipe: WheelRecipe): string {
  const { broken, requiresPython, requiresDist = [], classifiers = [], headers = [], description } = recipe;
  return [
    `Metadata-Version: ${recipe.metadataVersion ?? '2.1'}`,
    `Name: ${broken?.metadataName ?? recipe.name}`,
    `Version: ${broken?.metadataVersion ?? recipe.version}`,
    'Summary: made by a test',
    ...classifiers.map((each) => `Classifier: ${each}`),
    ...(requiresPython === undefined ? [] : [`Requires-Python: ${requiresPython}`]),
    ...requiresDist.map((each) => `Requires-Dist: ${each}`),
    ...headers,
    '',
    ...(description === undefined ? [] : [description]),
  ].join('\n');
}

function wheelText(recipe: WheelRecipe): string {
  const { broken, build, tags = 'py3-none-any' } = recipe;
  const wheelBuild = broken?.wheelBuild ?? build;
  const wheelTags = broken?.wheelTags ?? expand(tags);
  return [
    'Wheel-Version: 1.0',
    'Generator: signalbox-tests (1.0)',
    `Root-Is-Purelib: ${tags.endsWith('-none-any')}`,
    ...wheelTags.map((tag) => `Tag: ${tag}`),
    ...(wheelBuild === undefined ? [] : [`Build: ${wheelBuild}`]),
    '',
  ].join('\n');
}

function expand(tags: string): readonly string[] {
  const [python = [], abi = [], platform = []] = tags.split('-').map((part) => part.split('.'));
  return python.flatMap((first) => abi.flatMap((second) => platform.map((third) => `${first}-${second}-${third}`)));
}

function recordText(parts: readonly ZipPart[], recordPath: string, lie: RecordLie | undefined): string {
  const lines = parts.map((part, index) => recordLine(part, index === 0 ? lie : undefined));
  if (lie === 'missing-entry') lines.shift();
  if (lie === 'surplus-entry') lines.push('ghost/never_there.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0');
  return `${[...lines, `${recordPath},,`].join('\n')}\n`;
}

function recordLine(part: ZipPart, lie: RecordLie | undefined): string {
  const bytes = lie === 'hash' ? bytesOf('other bytes') : (part.bytes ?? new Uint8Array());
  const algorithm = lie === 'weak-hash' ? 'md5' : 'sha256';
  const hash = lie === 'no-hash' ? '' : `${algorithm}=${createHash(algorithm).update(bytes).digest('base64url')}`;
  const size = (part.bytes?.length ?? 0) + (lie === 'size' ? 1 : 0);
  const path = /[",\n]/.test(part.path) ? `"${part.path.replaceAll('"', '""')}"` : part.path;
  return `${path},${hash},${size}`;
}
