import type { CommandSpec } from '../command-spec.ts';
import type { FlagSpec } from '../command.ts';
import { PLAN_FLAGS } from '../flags.ts';
import { RELEASE } from './arguments.ts';

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
      ...PLAN_FLAGS,
    ],
    examples: ['signalbox artifact index 2.8.0 --dry-run', 'signalbox artifact index 2.8.0 --channel stable'],
    exits: ['not-allowed', 'refused', 'conflict', 'partial', 'running', 'changes', 'interrupted'],
    load: () => import('./artifact-index.ts'),
  },
];
