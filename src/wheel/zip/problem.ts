interface InZip {
  /** The file, as its source is named. */
  readonly file: string;
}

interface InEntry extends InZip {
  readonly entry: string;
}

/** Why a path in a zip is not taken. */
export type UnsafeName =
  | 'empty'
  | 'absolute'
  | 'climbs'
  | 'empty-part'
  | 'backslash'
  | 'drive'
  | 'control'
  | 'too-long';

type FileProblem =
  | (InZip & { readonly code: 'zip-empty' })
  | (InZip & { readonly code: 'not-a-zip'; readonly size: number })
  | (InZip & { readonly code: 'zip-truncated'; readonly size: number })
  | (InZip & { readonly code: 'zip-too-large'; readonly size: number; readonly limit: number })
  | (InZip & { readonly code: 'bytes-after-end'; readonly bytes: number })
  | (InZip & { readonly code: 'bytes-before-start'; readonly bytes: number })
  | (InZip & { readonly code: 'two-ends'; readonly first: number; readonly second: number })
  | (InZip & { readonly code: 'several-disks' })
  | (InZip & { readonly code: 'end-broken'; readonly why: string })
  | (InZip & { readonly code: 'directory-misplaced'; readonly claimed: number; readonly room: number })
  | (InZip & { readonly code: 'directory-too-large'; readonly bytes: number; readonly limit: number })
  | (InZip & { readonly code: 'directory-broken'; readonly at: number; readonly why: string })
  | (InZip & { readonly code: 'too-many-entries'; readonly entries: number; readonly limit: number })
  | (InZip & { readonly code: 'unpacked-too-large'; readonly bytes: number; readonly limit: number });

type EntryProblem =
  | (InEntry & { readonly code: 'name-unsafe'; readonly why: UnsafeName })
  | (InEntry & { readonly code: 'name-encoding'; readonly why: 'not-marked' | 'not-utf8' | 'two-names' })
  | (InEntry & { readonly code: 'name-twice' })
  | (InEntry & { readonly code: 'names-alike'; readonly other: string })
  | (InEntry & { readonly code: 'file-and-folder'; readonly other: string })
  | (InEntry & { readonly code: 'encrypted' })
  | (InEntry & { readonly code: 'method-unknown'; readonly method: number })
  | (InEntry & { readonly code: 'not-a-plain-file'; readonly mode: number })
  | (InEntry & { readonly code: 'entry-outside'; readonly end: number; readonly room: number })
  | (InEntry & { readonly code: 'entries-overlap'; readonly other: string })
  | (InEntry & { readonly code: 'hidden-bytes'; readonly bytes: number })
  | (InEntry & { readonly code: 'ratio-impossible'; readonly size: number; readonly packedSize: number })
  | (InEntry & { readonly code: 'entry-too-large'; readonly bytes: number; readonly limit: number })
  | (InEntry & {
      readonly code: 'header-differs';
      readonly field: 'signature' | 'name' | 'method' | 'flags' | 'crc' | 'size' | 'packed-size' | 'extra';
    })
  | (InEntry & { readonly code: 'size-wrong'; readonly claimed: number; readonly found: number })
  | (InEntry & { readonly code: 'crc-wrong'; readonly claimed: number; readonly found: number })
  | (InEntry & { readonly code: 'data-broken' });

/** Why a file is not read as a zip. Whoever made it must mend it; nothing of it is used. */
export type ZipProblem = FileProblem | EntryProblem;

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A text from a zip as it may be shown: quoted, short, and free of characters that act on a terminal. */
export function shown(text: string): string {
  const cut = text.length > 120 ? `${text.slice(0, 80)}…${text.slice(-30)}` : text;
  return `"${cut.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}"\\]/gu, escaped)}"`;
}

const UNSAFE: Readonly<Record<UnsafeName, string>> = {
  empty: 'is empty',
  absolute: 'is absolute',
  climbs: 'leads out of its folder',
  'empty-part': 'has a part that is empty or a single dot',
  backslash: 'has a backslash, which is a separator on Windows',
  drive: 'begins with a drive letter',
  control: 'has control characters or marks that hide what it is',
  'too-long': 'is longer than any system takes',
};

const ENCODING = {
  'not-marked': 'is neither ASCII nor marked as UTF-8, so systems read it differently',
  'not-utf8': 'is marked as UTF-8 and is not',
  'two-names': 'is not the one in its Unicode field, so programs read it differently',
} as const;

/** What is wrong, with which thing, then what to do. */
export function explain(problem: ZipProblem): string {
  return 'entry' in problem
    ? `${problem.file}: ${explainEntry(problem)} ${isDamage(problem) ? DAMAGED : HOSTILE}`
    : `${problem.file}: ${explainFile(problem)}`;
}

const DAMAGED =
  'The file is damaged or was tampered with: compare its digest with the one its builder tells, and fetch or build it again.';
const HOSTILE = 'No tool for wheels writes that: find out who made the file, and build it again.';

function isDamage({ code }: EntryProblem): boolean {
  return ['data-broken', 'size-wrong', 'crc-wrong', 'header-differs', 'entry-outside'].includes(code);
}

function explainFile(problem: FileProblem): string {
  switch (problem.code) {
    case 'zip-empty':
      return 'it has 0 bytes. An upload or a build ended too early: fetch or build it again.';
    case 'not-a-zip':
      return `it is no zip file (${problem.size} bytes). A wheel is one: see what is there instead, often the text of an error.`;
    case 'zip-truncated':
      return `it begins as a zip file and ends after ${problem.size} bytes without a directory. It is cut off: fetch or build it again.`;
    case 'zip-too-large':
      return `it has ${problem.size} bytes; up to ${problem.limit} are read.`;
    case 'bytes-after-end':
      return `${problem.bytes} bytes lie after its end. Programs disagree on what such a file contains. ${HOSTILE}`;
    case 'bytes-before-start':
      return `${problem.bytes} bytes lie before its first entry. It may be another file at the same time. ${HOSTILE}`;
    case 'two-ends':
      return `it has two ends, at byte ${problem.first} and at ${problem.second}: which directory is read depends on the program. ${HOSTILE}`;
    case 'several-disks':
      return 'it says that it is part of a zip over several files. Put it together, or build it again.';
    case 'end-broken':
      return `its end contradicts itself: ${problem.why}. ${DAMAGED}`;
    case 'directory-misplaced':
      return `its end says that the directory begins at byte ${problem.claimed}, which does not fit the ${problem.room} bytes before it. ${DAMAGED}`;
    case 'directory-too-large':
      return `its directory has ${problem.bytes} bytes; up to ${problem.limit} are read.`;
    case 'directory-broken':
      return `its directory is broken at byte ${problem.at}: ${problem.why}. ${DAMAGED}`;
    case 'too-many-entries':
      return `it says that it has ${problem.entries} entries; up to ${problem.limit} are read.`;
    case 'unpacked-too-large':
      return `it says that it has ${problem.bytes} bytes unpacked; up to ${problem.limit} are allowed for a file of its size.`;
  }
}

function explainEntry(problem: EntryProblem): string {
  const entry = shown(problem.entry);
  switch (problem.code) {
    case 'name-unsafe':
      return `the path ${entry} ${UNSAFE[problem.why]}.`;
    case 'name-encoding':
      return `the path ${entry} ${ENCODING[problem.why]}.`;
    case 'name-twice':
      return `there are two entries ${entry}.`;
    case 'names-alike':
      return `${entry} and ${shown(problem.other)} are one file on systems that ignore case or Unicode form.`;
    case 'file-and-folder':
      return `${entry} would have to be a file, and a folder for ${shown(problem.other)}.`;
    case 'encrypted':
      return `${entry} is encrypted.`;
    case 'method-unknown':
      return `${entry} is packed by method ${problem.method}; wheels are stored (0) or deflated (8).`;
    case 'not-a-plain-file':
      return `${entry} is no plain file (mode ${problem.mode.toString(8)}): a folder, a link or a device.`;
    case 'entry-outside':
      return `${entry} reaches to byte ${problem.end}, but entries end at byte ${problem.room}.`;
    case 'entries-overlap':
      return `${entry} and ${shown(problem.other)} share bytes.`;
    case 'hidden-bytes':
      return `${problem.bytes} bytes after ${entry} belong to no entry.`;
    case 'ratio-impossible':
      return `${entry} says that ${problem.packedSize} bytes become ${problem.size}, which is not possible.`;
    case 'entry-too-large':
      return `${entry} would take ${problem.bytes} bytes of memory; up to ${problem.limit} are allowed.`;
    case 'header-differs':
      return `the header of ${entry} contradicts the directory (${problem.field}).`;
    case 'size-wrong':
      return `${entry} says that it has ${problem.claimed} bytes and has ${problem.found === Infinity ? 'more' : problem.found}.`;
    case 'crc-wrong':
      return `the content of ${entry} does not match its checksum.`;
    case 'data-broken':
      return `the packed data of ${entry} is broken.`;
  }
}
