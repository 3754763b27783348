import type { CommandSpec } from '../command-spec.ts';

export const WHEELS: readonly CommandSpec[] = [
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['wheel', 'check'],
    summary: 'everything that is wrong with wheels',
    detail:
      'Reads each file whole and holds it to its RECORD; with --quick only names, sizes and the dist-info folder, by ranges where it lies on a server. With a train file, or --train, it is held to the policy of the train as well; several wheels are held to each other.',
    arguments: [{ name: 'FILE', summary: 'files or addresses (http, https) of wheels', kind: 'file', many: true }],
    flags: [
      { name: 'quick', summary: 'names and sizes only: no hash is checked' },
      { name: 'channel', value: 'NAME', summary: 'the channel they go to: pypi takes no local versions' },
      { name: 'accelerator', value: 'NAME', summary: 'what they are to be for, as cu126' },
      { name: 'strict', summary: 'warnings end with exit 3 too' },
    ],
    examples: [
      'signalbox wheel check dist/*.whl',
      'signalbox wheel check --quick --train pytorch --channel pypi dist/*.whl',
    ],
    exits: ['blocked'],
    load: () => import('./wheel-check.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['wheel', 'show'],
    summary: 'what a wheel says of itself',
    arguments: [{ name: 'FILE', summary: 'file or address (http, https) of a wheel', kind: 'file' }],
    flags: [],
    examples: ['signalbox wheel show torch-2.7.0-cp313-cp313-win_amd64.whl'],
    exits: [],
    load: () => import('./wheel-show.ts'),
  },
  {
    group: 'ARTIFACTS AND PROMOTION',
    words: ['wheel', 'reversion'],
    summary: 'make wheels without their local version',
    detail:
      'Of torch-2.7.0+cu126 it makes torch-2.7.0, as a public index wants it: names, METADATA and RECORD anew, everything else as it is packed, the same bytes each time. One without a local version is copied unchanged. Requirements on packages of the train lose theirs too. Prints which digest became which.',
    arguments: [{ name: 'FILE', summary: 'files of wheels', kind: 'file', many: true }],
    flags: [
      { name: 'out', value: 'DIR', kind: 'folder', summary: 'folder for the new wheels' },
      { name: 'local', value: 'LABEL', summary: 'put this after the plus sign instead, as cu126' },
      {
        name: 'sibling',
        value: 'PACKAGE',
        many: true,
        summary: 'a package that releases together; the train names its own',
      },
      {
        name: 'drop-classifier',
        value: 'TEXT',
        many: true,
        summary: 'leave this classifier out; * stands for any text',
      },
      { name: 'drop-signature', summary: 'a signature over RECORD may go' },
    ],
    examples: ['signalbox wheel reversion dist/*.whl --out staging'],
    exits: ['refused', 'partial'],
    load: () => import('./wheel-reversion.ts'),
  },
];
