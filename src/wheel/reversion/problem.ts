import { explainFileName, type FileNameProblem } from '../file-name.ts';
import { explain as explainZip, shown, type ZipProblem } from '../zip/index.ts';

interface InWheel {
  /** The file, as its source is named. */
  readonly file: string;
}

/** How RECORD and the zip contradict each other. */
export type RecordFault = 'broken' | 'not-listed' | 'not-there' | 'twice' | 'no-hash' | 'weak-hash' | 'size' | 'hash';

/** Why no other version is made of a wheel. */
export type ReversionProblem =
  | (InWheel & { readonly code: 'file-name'; readonly problem: FileNameProblem })
  | (InWheel & { readonly code: 'zip'; readonly problem: ZipProblem })
  | (InWheel & { readonly code: 'bad-local'; readonly local: string })
  | (InWheel & { readonly code: 'dist-info-missing' })
  | (InWheel & { readonly code: 'dist-info-several'; readonly folders: readonly string[] })
  | (InWheel & { readonly code: 'folder-mismatch'; readonly folder: string; readonly expected: string })
  | (InWheel & { readonly code: 'file-missing'; readonly path: string })
  | (InWheel & { readonly code: 'not-utf8'; readonly path: string; readonly line: number })
  | (InWheel & { readonly code: 'metadata-field'; readonly field: 'Name' | 'Version'; readonly count: number })
  | (InWheel & {
      readonly code: 'metadata-mismatch';
      readonly field: 'Name' | 'Version';
      readonly found: string;
      readonly expected: string;
    })
  | (InWheel & { readonly code: 'requirement-local'; readonly requirement: string; readonly package: string })
  | (InWheel & {
      readonly code: 'record-wrong';
      readonly fault: RecordFault;
      readonly path: string;
      /** How many more are wrong in this way. */
      readonly others: number;
    })
  | (InWheel & { readonly code: 'signed'; readonly path: string });

const FAULT: Readonly<Record<RecordFault, string>> = {
  broken: 'has a line that is no row of it',
  'not-listed': 'does not list',
  'not-there': 'lists, without it being in the wheel,',
  twice: 'lists twice',
  'no-hash': 'has no hash of',
  'weak-hash': 'has a hash that proves nothing of',
  size: 'tells a wrong size for',
  hash: 'tells a wrong hash for',
};

const BUILD_AGAIN = 'A reversion would carry that on. Build the wheel again.';

/** What is wrong, with which wheel, then what to do. */
export function explain(problem: ReversionProblem): string {
  const { file } = problem;
  switch (problem.code) {
    case 'file-name':
      return explainFileName(problem.problem);
    case 'zip':
      return explainZip(problem.problem);
    case 'bad-local':
      return `${shown(problem.local)} cannot stand after the plus sign of a version. Letters and digits with single dots between can, for example cu126.`;
    case 'dist-info-missing':
      return `${file}: it has no folder NAME-VERSION.dist-info, so it is no wheel. See what was built: python3 -m zipfile -l FILE`;
    case 'dist-info-several':
      return `${file}: it has ${problem.folders.length} dist-info folders (${problem.folders.map(shown).join(', ')}), and which one counts depends on the program. ${BUILD_AGAIN}`;
    case 'folder-mismatch':
      return `${file}: the folder ${shown(problem.folder)} is not that of ${problem.expected}, which the file name tells. ${BUILD_AGAIN}`;
    case 'file-missing':
      return `${file}: it has no ${shown(problem.path)}, which every wheel has. ${BUILD_AGAIN}`;
    case 'not-utf8':
      return `${file}: ${shown(problem.path)} is not UTF-8 in line ${problem.line}. ${BUILD_AGAIN}`;
    case 'metadata-field':
      return `${file}: METADATA has ${problem.count === 0 ? 'no' : problem.count} ${problem.field} fields instead of one. ${BUILD_AGAIN}`;
    case 'metadata-mismatch':
      return `${file}: METADATA has ${problem.field} ${shown(problem.found)}, and the file name has ${problem.expected}. Which of them is right only its builder knows: build the wheel again.`;
    case 'requirement-local':
      return `${file}: it requires ${shown(problem.requirement)}, which no public index can have. Where ${problem.package} releases together with this package, say so: --sibling ${problem.package}; else build the wheel with a requirement that can be met.`;
    case 'record-wrong':
      return `${file}: RECORD ${FAULT[problem.fault]} ${shown(problem.path)}${problem.others > 0 ? `, and ${problem.others} others likewise` : ''}. ${BUILD_AGAIN}`;
    case 'signed':
      return `${file}: it is signed (${shown(problem.path)}), and the signature would be wrong after a reversion. If it may go: --drop-signature; then sign the result.`;
  }
}
