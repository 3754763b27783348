import type { ByteSource } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import { runningDigest } from '../domain/sha256.ts';
import { chooseDistInfo, type ReadPart, type WheelEntry, type WheelFacts } from './check/facts.ts';
import { parseEntryPoints } from './entry-points.ts';
import { parseWheelFileName } from './file-name.ts';
import { parseMetadata } from './metadata.ts';
import { parseRecord } from './record.ts';
import { decodeText } from './text.ts';
import { parseWheelFile } from './wheel-file.ts';
import { readDirectory, readEntries, walkEntries, type ZipDirectory, type ZipProblem } from './zip/index.ts';

export interface ReadOptions {
  /** The name of the file, which need not be that of the source. */
  readonly fileName: string;
  /** Reads names, sizes and the dist-info folder alone; otherwise every byte. */
  readonly quick: boolean;
}

const PARTS = ['WHEEL', 'METADATA', 'RECORD', 'entry_points.txt'] as const;

/**
 * Reads what is to be known of a wheel. A quick look takes the directory and the dist-info folder; a full one streams every byte once, holding no
 * more than a piece of it. What the source throws is not caught.
 */
export async function readWheel(
  source: ByteSource,
  { fileName, quick }: ReadOptions,
): Promise<Result<WheelFacts, ZipProblem>> {
  const directory = await readDirectory(source);
  if (!directory.ok) return directory;
  const name = parseWheelFileName(fileName);
  const distInfos = directory.value.topFolders.filter((folder) => folder.endsWith('.dist-info'));
  const distInfo = chooseDistInfo(distInfos, name);
  const wanted = PARTS.flatMap((part) => directory.value.find(`${distInfo ?? ''}/${part}`) ?? []);
  const texts = await readEntries(source, directory.value, wanted);
  if (!texts.ok) return texts;
  const digests = quick ? null : await digestsOf(source, directory.value);
  if (digests !== null && !digests.ok) return digests;
  let entries: readonly WheelEntry[] | null = null;
  return succeed({
    fileName,
    name,
    size: directory.value.size,
    // Ten thousand of them, and whoever wants to know a version wants none.
    get entries() {
      return (entries ??= filesOf(directory.value));
    },
    distInfos,
    distInfo,
    wheel: partOf(texts.value, distInfo, 'WHEEL', parseWheelFile),
    metadata: partOf(texts.value, distInfo, 'METADATA', parseMetadata),
    record: partOf(texts.value, distInfo, 'RECORD', parseRecord),
    entryPoints: partOf(texts.value, distInfo, 'entry_points.txt', parseEntryPoints),
    digests: digests?.value ?? null,
  });
}

function filesOf({ names, sizes }: ZipDirectory): readonly WheelEntry[] {
  const files: WheelEntry[] = [];
  names.forEach((path, place) => {
    if (!path.endsWith('/')) files.push({ path, size: sizes[place] ?? 0 });
  });
  return files;
}

function partOf<Value>(
  texts: ReadonlyMap<string, Uint8Array>,
  distInfo: string | null,
  file: (typeof PARTS)[number],
  parse: (text: string) => Value,
): ReadPart<Value> | null {
  const path = `${distInfo ?? ''}/${file}`;
  const bytes = texts.get(path);
  if (bytes === undefined) return null;
  const { text, badLine, hasByteOrderMark } = decodeText(bytes);
  return { path, value: parse(text), text: { badLine, hasByteOrderMark } };
}

async function digestsOf(
  source: ByteSource,
  directory: ZipDirectory,
): Promise<Result<ReadonlyMap<string, Digest>, ZipProblem>> {
  const digests = new Map<string, Digest>();
  const walked = await walkEntries(source, directory, ({ name }) => {
    const running = runningDigest();
    return { add: (bytes) => running.add(bytes), end: () => void digests.set(name, running.digest()) };
  });
  return walked.ok ? succeed(digests) : refuse(...walked.problems);
}
