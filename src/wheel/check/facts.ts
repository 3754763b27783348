import type { Digest } from '../../domain/canonical-json.ts';
import type { EntryPoints } from '../entry-points.ts';
import type { FileNameProblem, WheelFileName } from '../file-name.ts';
import type { Metadata } from '../metadata.ts';
import type { RecordFile } from '../record.ts';
import type { DecodedText } from '../text.ts';
import type { WheelFile } from '../wheel-file.ts';
import type { Result } from '../../domain/result.ts';

/** A file in a wheel as the directory has it. */
export interface WheelEntry {
  readonly path: string;
  /** In bytes, unpacked. */
  readonly size: number;
}

/** A file of the dist-info folder that was read: what it says, and how its bytes were. */
export interface ReadPart<Value> {
  readonly path: string;
  readonly value: Value;
  readonly text: Pick<DecodedText, 'badLine' | 'hasByteOrderMark'>;
}

/** Everything that is known of a wheel without judging it. */
export interface WheelFacts {
  readonly fileName: string;
  readonly name: Result<WheelFileName, FileNameProblem>;
  /** Of the file, in bytes. */
  readonly size: number;
  /** Files only, in the order of the directory. */
  readonly entries: readonly WheelEntry[];
  /** Every folder at the top whose name ends in .dist-info. */
  readonly distInfos: readonly string[];
  /** The one of them that was read; null where there is none. */
  readonly distInfo: string | null;
  readonly wheel: ReadPart<WheelFile> | null;
  readonly metadata: ReadPart<Metadata> | null;
  readonly record: ReadPart<RecordFile> | null;
  readonly entryPoints: ReadPart<EntryPoints> | null;
  /** Digest of each file by its path; null after a quick look, which reads names and sizes only. */
  readonly digests: ReadonlyMap<string, Digest> | null;
}

/** The dist-info folder to read: the one that fits the file name, else the first. */
export function chooseDistInfo(distInfos: readonly string[], name: WheelFacts['name']): string | null {
  const wanted = name.ok ? `${name.value.writtenName}-${name.value.writtenVersion}.dist-info` : null;
  return distInfos.find((folder) => folder === wanted) ?? distInfos[0] ?? null;
}

/** Folders at the top whose name ends like this, each once. */
export function foldersAtTop(paths: readonly string[], ending: string): readonly string[] {
  const found = new Set<string>();
  let last = '';
  for (const path of paths) {
    // Neighbours mostly lie in one.
    if (path[last.length] === '/' && path.startsWith(last)) continue;
    last = path.slice(0, Math.max(0, path.indexOf('/')));
    if (last.endsWith(ending)) found.add(last);
  }
  return [...found];
}
