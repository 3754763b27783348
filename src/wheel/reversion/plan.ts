import type { Splice } from '../../domain/byte-source.ts';
import { Pep440Version } from '../../domain/pep440.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { normalizeName } from '../../domain/package-name.ts';
import { decodeText } from '../text.ts';
import { rebuildZip, type ZipEdit } from '../zip/index.ts';
import { editMetadata, withLocal, type MetadataEdit } from './edit-metadata.ts';
import { editRecord, type KnownFile } from './edit-record.ts';
import type { ReversionProblem } from './problem.ts';
import { isIn, topFolders, type WheelParts } from './read-parts.ts';
import type { Reversion, ReversionChange, ReversionOrder } from './types.ts';

const encoder = new TextEncoder();
const LOCAL = /^[a-z0-9]+(?:\.[a-z0-9]+)*$/;

function knownFile(bytes: Uint8Array): KnownFile {
  const digest = runningDigest();
  digest.add(bytes);
  return { digest: digest.digest(), size: bytes.length };
}

/** The folders that bear the version, and what they are called afterwards; a problem for each that bears another. */
function renamedFolders({ directory, distInfo, name }: WheelParts, local: string | null) {
  const problems: ReversionProblem[] = [];
  const folders = new Map<string, string>();
  for (const folder of [distInfo, ...topFolders(directory, '.data')]) {
    const suffix = folder.endsWith('.data') ? '.data' : '.dist-info';
    const stem = folder.slice(0, -suffix.length);
    const hyphen = stem.lastIndexOf('-');
    const version = Pep440Version.safeParse(stem.slice(hyphen + 1));
    const isSame = normalizeName(stem.slice(0, Math.max(0, hyphen))) === name.name && version.data === name.version;
    const expected = `${name.writtenName}-${name.writtenVersion}`;
    if (!isSame) problems.push({ code: 'folder-mismatch', file: directory.file, folder, expected });
    folders.set(folder, withLocal(stem, local) + suffix);
  }
  return { folders, problems };
}

function checkMetadata({ directory, name }: WheelParts, edit: MetadataEdit, local: string | null) {
  const { file } = directory;
  const problems: ReversionProblem[] = [];
  const told = [
    ['Name', edit.names, name.writtenName, (found: string) => normalizeName(found) === name.name],
    ['Version', edit.versions, name.version, (found: string) => Pep440Version.safeParse(found).data === name.version],
  ] as const;
  for (const [field, values, expected, isRight] of told) {
    const [found] = values;
    if (found === undefined || values.length > 1) {
      problems.push({ code: 'metadata-field', file, field, count: values.length });
    } else if (!isRight(found)) problems.push({ code: 'metadata-mismatch', file, field, found, expected });
  }
  // Another local version is for a channel of ours, which may have such packages.
  for (const foreign of local === null ? edit.foreign : [])
    problems.push({ code: 'requirement-local', file, ...foreign });
  return problems;
}

interface Texts {
  readonly metadata: string;
  readonly record: string;
}

function decode({ directory, distInfo, contents }: WheelParts): Result<Texts, ReversionProblem> {
  const decoded = (['METADATA', 'RECORD'] as const).map((name) => {
    const path = `${distInfo}/${name}`;
    return { path, ...decodeText(contents.get(path) ?? new Uint8Array()) };
  });
  const problems = decoded.flatMap(({ path, badLine }): readonly ReversionProblem[] =>
    badLine === null ? [] : [{ code: 'not-utf8', file: directory.file, path, line: badLine }],
  );
  return refuseOr(problems, () => ({ metadata: decoded[0]?.text ?? '', record: decoded[1]?.text ?? '' }));
}

interface Planned {
  readonly folders: ReadonlyMap<string, string>;
  readonly metadata: MetadataEdit;
  /** RECORD anew. */
  readonly record: string;
  readonly signatures: readonly string[];
}

function pathIn(folders: ReadonlyMap<string, string>, path: string): string {
  for (const [from, to] of folders) if (isIn(path, from)) return to + path.slice(from.length);
  return path;
}

/** Every problem at once, or what the splice is made from. */
function judge(parts: WheelParts, order: ReversionOrder): Result<Planned, ReversionProblem> {
  const { directory, distInfo, name, contents } = parts;
  const { file } = directory;
  const texts = decode(parts);
  if (!texts.ok) return texts;
  const { folders, problems } = renamedFolders(parts, order.local);
  const metadata = editMetadata(texts.value.metadata, name.name, order);
  const signatures = ['RECORD.jws', 'RECORD.p7s']
    .map((each) => `${distInfo}/${each}`)
    .filter((path) => directory.find(path));
  // RECORD has no hash of itself.
  const read = [...contents].filter(([path]) => path !== `${distInfo}/RECORD`);
  const known = new Map(read.map(([path, bytes]) => [path, knownFile(bytes)]));
  const edits = {
    folders: [...folders.keys()],
    pathOf: (path: string) => pathIn(folders, path),
    replaced: new Map([[`${distInfo}/METADATA`, knownFile(encoder.encode(metadata.text))]]),
    dropped: new Set(signatures),
  };
  const record = editRecord(texts.value.record, directory, { distInfo, known }, edits);
  const isChanged = metadata.changes.length > 0 || [...folders].some(([before, after]) => before !== after);
  const signed = signatures.map((path) => ({ code: 'signed', file, path }) as const);
  const all = [
    ...problems,
    ...checkMetadata(parts, metadata, order.local),
    ...record.problems,
    ...(isChanged && !order.dropSignatures ? signed : []),
  ];
  return refuseOr(all, () => ({ folders, metadata, record: record.text, signatures }));
}

function splice(parts: WheelParts, { folders, metadata, record, signatures }: Planned): Splice {
  const { directory, distInfo, headers } = parts;
  const edits = new Map<string, ZipEdit>();
  for (const [name, header] of headers) edits.set(name, { kind: 'rename', name: pathIn(folders, name), header });
  for (const name of signatures) edits.set(name, { kind: 'drop' });
  const texts = [
    ['METADATA', metadata.text],
    ['RECORD', record],
  ] as const;
  for (const [name, text] of texts) {
    const path = `${distInfo}/${name}`;
    edits.set(path, { kind: 'replace', name: pathIn(folders, path), content: encoder.encode(text) });
  }
  return rebuildZip(directory, edits);
}

function folderChanges({ directory }: WheelParts, folders: ReadonlyMap<string, string>): readonly ReversionChange[] {
  return [...folders].flatMap(([from, to]): readonly ReversionChange[] => {
    if (from === to) return [];
    return [{ kind: 'folder', from, to, entries: directory.names.filter((name) => isIn(name, from)).length }];
  });
}

/**
 * How a wheel of another local version is made: METADATA and RECORD anew, folders that bear the version renamed, all else taken over as packed.
 * A function of the wheel and the order alone. Where there is nothing to change, the file is copied as it is (WHL-03).
 */
export function planReversion(parts: WheelParts, order: ReversionOrder): Result<Reversion, ReversionProblem> {
  const { name, directory } = parts;
  const { local } = order;
  if (local !== null && !LOCAL.test(local)) return refuse({ code: 'bad-local', file: directory.file, local });
  const judged = judge(parts, order);
  if (!judged.ok) return judged;
  const { folders, metadata, signatures } = judged.value;
  const version = withLocal(name.writtenVersion, local);
  const from = { fileName: name.fileName, version: name.version };
  const to = {
    fileName: name.fileName.replace(`-${name.writtenVersion}-`, () => `-${version}-`),
    version: Pep440Version.parse(version),
  };
  const changes = [...metadata.changes, ...folderChanges(parts, folders)];
  if (changes.length === 0) {
    return succeed({
      from,
      to,
      changes,
      splice: { size: directory.size, pieces: [{ kind: 'copy', offset: 0, length: directory.size }] },
    });
  }
  const gone = signatures.map((dropped): ReversionChange => ({ kind: 'signature', dropped }));
  return succeed({ from, to, changes: [...changes, ...gone], splice: splice(parts, judged.value) });
}
