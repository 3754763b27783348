import type { CommandSpec } from '../command-spec.ts';
import type { FlagSpec } from '../command.ts';
import { PLAN_FLAGS, REASON, YES } from '../flags.ts';
import { CANDIDATE, RELEASE, RELEASE_OR_CANDIDATE } from './arguments.ts';

const CHOICE: readonly FlagSpec[] = [
  { name: 'package', value: 'NAME', many: true, summary: 'only of this package' },
  { name: 'kind', value: 'KIND', many: true, summary: 'only wheel, libtorch or conda' },
  { name: 'platform', value: 'NAME', many: true, summary: 'only for this platform, as linux-x86_64' },
  { name: 'accelerator', value: 'NAME', many: true, summary: 'only for this accelerator, as cu126 or cuda' },
  { name: 'python', value: 'LIST', many: true, summary: 'only for these Pythons: 3.12,3.13t or a JSON list' },
];

export const ARTIFACTS: readonly CommandSpec[] = [
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['artifact', 'expected'],
    summary: 'every file a release must have; CI build matrix',
    detail:
      'Works from the train file alone: support matrix, packages and rules give each file with its name, folder and size limit, what is left out by policy with the rule, and what came or went since the release before. What is asked for and does not exist is a mistake, never an empty answer.',
    arguments: [RELEASE],
    flags: [
      ...CHOICE,
      { name: 'github-matrix', summary: 'the matrix for CI: {"include":[...]}, a row for each file' },
      { name: 'images', summary: 'with --github-matrix: the images made of the files' },
      {
        name: 'channel',
        value: 'NAME',
        summary: 'of --github-matrix: to install from, or all; test otherwise',
      },
    ],
    examples: [
      'signalbox artifact expected 2.7.0',
      'signalbox artifact expected 2.7.0 --package torch --github-matrix',
    ],
    exits: [],
    load: () => import('./artifact-expected.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['artifact', 'index'],
    summary: "write the pages of a channel's index",
    detail:
      'Compares the pages of the index with what lies in the channel and plans those that change, with the metadata files of new wheels. A file that is listed and gone, or has other bytes under its name, is refused unless its removal is asked for. Carried out by compare and swap: whoever was slower plans again.',
    arguments: [RELEASE],
    flags: [
      { name: 'channel', value: 'NAME', summary: 'channel of the train; test otherwise' },
      { name: 'remove', value: 'FILE', many: true, summary: 'no longer list this file' },
      { name: 'types', summary: 'set wrong content types of pages, too; asks for each page' },
      ...PLAN_FLAGS,
    ],
    examples: ['signalbox artifact index 2.8.0 --dry-run', 'signalbox artifact index 2.8.0 --channel stable'],
    exits: ['not-allowed', 'refused', 'conflict', 'partial', 'running', 'changes', 'interrupted'],
    load: () => import('./artifact-index.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['artifact', 'matrix'],
    summary: 'package x platform x accelerator x Python',
    detail:
      "Lists the candidates' channel and holds it against what is expected. Of an older candidate what was recorded is shown, since a channel holds the files of the newest. Ends with 3 when a file is not as it must be, with 9 when one could not be looked at.",
    arguments: [CANDIDATE],
    flags: CHOICE,
    examples: ['signalbox artifact matrix 2.8.0-rc2 --package torch'],
    exits: ['blocked', 'stale'],
    load: () => import('./artifact-matrix.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['artifact', 'list'],
    summary: 'files of a candidate: state, size, digest',
    arguments: [CANDIDATE],
    flags: CHOICE,
    examples: ['signalbox artifact list 2.8.0-rc2 --platform macos-arm64', 'signalbox artifact list 2.8.0-rc2 --plain'],
    exits: ['blocked', 'stale'],
    load: () => import('./artifact-list.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['artifact', 'record'],
    summary: 'record what a candidate consists of, by digest',
    detail:
      "Writes the manifest of the newest candidate to the ledger: each cell's file with its digest, size and run. Refused while files are missing or surplus. From then on another file in the place of one that was recorded closes the gate; with --replace and a reason it is recorded instead, and what was proved of the old one is void.",
    arguments: [CANDIDATE],
    flags: [
      { name: 'read', summary: 'read every byte, instead of believing the store' },
      { name: 'replace', summary: 'let files take the place of recorded ones' },
      REASON,
      YES,
    ],
    examples: ['signalbox artifact record 2.8.0-rc2', 'signalbox artifact record 2.8.0-rc2 --read --yes'],
    exits: ['blocked', 'not-allowed', 'refused', 'conflict', 'stale'],
    load: () => import('./artifact-record.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['artifact', 'show'],
    summary: 'which candidate is this file? digest, size, origin',
    detail: 'A file of this machine is looked up by its bytes. Ends with 3 when no recorded candidate has it.',
    arguments: [{ name: 'FILE', summary: 'a file here, sha256:..., the name of a file, or its cell', kind: 'file' }],
    flags: [],
    examples: [
      'signalbox artifact show ./torch-2.8.0-cp313-none-macosx_11_0_arm64.whl',
      'signalbox artifact show sha256:9f86d08188...',
    ],
    exits: ['blocked'],
    load: () => import('./artifact-show.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['artifact', 'verify'],
    summary: 'compare bytes at every stage with the record',
    asks: false,
    detail:
      'Reads every file of a recorded candidate in each channel that has it: as it was recorded, below its tag in the backup, re-versioned in staging and on the package index. A release stands for its final candidate, and has to be where everybody gets it. Ends with 3 when a file is another, or absent from the channel of candidates or, of a release, from a public one; with 9 when a place could not be read.',
    arguments: [RELEASE_OR_CANDIDATE],
    flags: [
      { name: 'told', summary: 'compare with what the stores tell of the files; reads nothing' },
      { name: 'record', summary: 'write down that every byte was compared' },
      YES,
    ],
    examples: ['signalbox artifact verify 2.8.0-rc2', 'signalbox artifact verify 2.8.0 --told'],
    exits: ['blocked', 'stale', 'refused'],
    load: () => import('./artifact-verify.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['artifact', 'diff'],
    summary: 'files and sizes that differ between two records',
    arguments: [
      { name: 'A', summary: 'candidate or release, as 2.8.0-rc1', kind: 'candidate' },
      { name: 'B', summary: 'a later one', kind: 'candidate' },
    ],
    flags: [{ name: 'all', summary: 'every file, not only those that changed most' }],
    examples: ['signalbox artifact diff 2.8.0-rc1 2.8.0-rc2'],
    exits: [],
    load: () => import('./artifact-diff.ts'),
  },
];
