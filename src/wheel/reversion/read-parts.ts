import type { ByteSource } from '../../domain/byte-source.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { parseWheelFileName, type WheelFileName } from '../file-name.ts';
import { readDirectory, readEntries, readHeaders, type ZipDirectory, type ZipProblem } from '../zip/index.ts';
import type { ReversionProblem } from './problem.ts';

/** What of a wheel a reversion rests on. */
export interface WheelParts {
  readonly name: WheelFileName;
  readonly directory: ZipDirectory;
  /** The one folder NAME-VERSION.dist-info, without a slash. */
  readonly distInfo: string;
  /** The content of METADATA, WHEEL and RECORD by path. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** Local headers of all that lies in folders which bear the version. */
  readonly headers: ReadonlyMap<string, Uint8Array>;
}

/** Folders at the top of a wheel whose name tells its version. */
export function topFolders(directory: ZipDirectory, suffix: '.dist-info' | '.data'): readonly string[] {
  return directory.topFolders.filter((folder) => folder.endsWith(suffix));
}

/** Whether a path lies in a folder, without making a text for each question. */
export function isIn(path: string, folder: string): boolean {
  return path[folder.length] === '/' && path.startsWith(folder);
}

/** What lies in these folders. */
function entriesIn(directory: ZipDirectory, folders: readonly string[]) {
  const found: string[] = [];
  for (const folder of folders) for (const name of directory.names) if (isIn(name, folder)) found.push(name);
  return found.flatMap((name) => directory.find(name) ?? []);
}

function wrapped(problem: ZipProblem): ReversionProblem {
  return { code: 'zip', file: problem.file, problem };
}

function inZip([first, ...rest]: readonly [ZipProblem, ...ZipProblem[]]) {
  return refuse(wrapped(first), ...rest.map(wrapped));
}

/** Reads what a reversion rests on: the directory, the texts of the dist-info folder, and headers; none of the other content. */
export async function readParts(source: ByteSource, fileName: string): Promise<Result<WheelParts, ReversionProblem>> {
  const file = source.name;
  const name = parseWheelFileName(fileName);
  if (!name.ok) return refuse({ code: 'file-name', file, problem: name.problems[0] });
  const read = await readDirectory(source);
  if (!read.ok) return inZip(read.problems);
  const directory = read.value;
  const [distInfo, ...others] = topFolders(directory, '.dist-info');
  if (distInfo === undefined) return refuse({ code: 'dist-info-missing', file });
  if (others.length > 0) return refuse({ code: 'dist-info-several', file, folders: [distInfo, ...others] });
  const texts = ['METADATA', 'WHEEL', 'RECORD'].map((text) => `${distInfo}/${text}`);
  const missing = texts.find((path) => directory.find(path) === null);
  if (missing !== undefined) return refuse({ code: 'file-missing', file, path: missing });
  const contents = await readEntries(
    source,
    directory,
    texts.flatMap((path) => directory.find(path) ?? []),
  );
  if (!contents.ok) return inZip(contents.problems);
  const moved = entriesIn(directory, [distInfo, ...topFolders(directory, '.data')]);
  const headers = await readHeaders(source, directory, moved);
  if (!headers.ok) return inZip(headers.problems);
  return succeed({ name: name.value, directory, distInfo, contents: contents.value, headers: headers.value });
}
