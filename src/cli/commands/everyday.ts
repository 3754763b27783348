import type { CommandSpec } from '../command-spec.ts';
import { RELEASE_OR_NEWEST } from './arguments.ts';
import { YES } from '../flags.ts';

const common = { group: 'EVERYDAY' } as const;

export const EVERYDAY: readonly CommandSpec[] = [
  {
    ...common,
    words: ['status'],
    summary: 'where a release stands',
    arguments: [RELEASE_OR_NEWEST],
    flags: [],
    examples: ['signalbox status 2.8.0', 'signalbox status --json=phase,repos'],
    exits: ['blocked', 'stale'],
    load: () => import('./status.ts'),
  },
  {
    ...common,
    words: ['blockers'],
    summary: 'what blocks the next step, who, since when',
    detail:
      'Each closed gate with its evidence, owner, age and the command that moves it. Ends with 3 when there is one, with 0 when there is none.',
    arguments: [RELEASE_OR_NEWEST],
    flags: [],
    examples: ['signalbox blockers 2.8.0'],
    exits: ['blocked', 'stale'],
    load: () => import('./blockers.ts'),
  },
  {
    ...common,
    words: ['todo'],
    summary: 'what waits for a person today',
    arguments: [RELEASE_OR_NEWEST],
    flags: [
      { name: 'for', value: 'WHO', kind: 'who', summary: 'login or workstream instead of you' },
      { name: 'all', summary: 'of everybody' },
    ],
    examples: ['signalbox todo', 'signalbox todo --for docs'],
    exits: ['stale'],
    load: () => import('./todo.ts'),
  },
  {
    ...common,
    words: ['find'],
    summary: 'where a PR, commit or issue is: branches, RCs, stages',
    detail:
      'Looks in every repository of the train, on main, on each release branch, in each candidate and release, and says by which proof. Ends with 3 when nothing is found, with 9 when a repository could not be read.',
    arguments: [
      {
        name: 'CHANGE',
        summary: 'number of a PR or issue, its address, owner/name#NUMBER, or a commit id',
        kind: 'text',
      },
    ],
    flags: [
      { name: 'stable', summary: 'only the releases that have it' },
      { name: 'git-only', summary: 'not what was asked for: opens no database' },
    ],
    examples: ['signalbox find 158112', 'signalbox find pytorch/vision#9001 --stable'],
    exits: ['blocked', 'stale'],
    load: () => import('./find.ts'),
  },
  {
    ...common,
    words: ['published'],
    summary: 'what is public, where, and what undo exists',
    detail:
      'Reads every stable channel, mirror and package index as everybody does and holds them against the record of the final candidate. Ends with 0 when all of it is there and nothing else, with 3 when it is not, with 9 when a place could not be read.',
    arguments: [RELEASE_OR_NEWEST],
    flags: [],
    examples: ['signalbox published 2.8.0'],
    exits: ['blocked', 'refused', 'stale'],
    load: () => import('./published.ts'),
  },
  {
    ...common,
    words: ['diff'],
    summary: 'what changed between two RCs',
    detail:
      'The commits of the second that the first lacks, by repository, each with what it is on its line; and what the first has that the second lacks, which should be nothing.',
    arguments: [
      { name: 'A', summary: 'candidate, as 2.8.0-rc1', kind: 'candidate' },
      { name: 'B', summary: 'a later one', kind: 'candidate' },
    ],
    flags: [{ name: 'all', summary: 'every commit, not only the newest of each repository' }],
    examples: ['signalbox diff 2.8.0-rc1 2.8.0-rc2'],
    exits: ['stale'],
    load: () => import('./diff.ts'),
  },
  {
    ...common,
    words: ['log'],
    asks: false,
    summary: 'events, newest last; verify, export, import',
    arguments: [{ ...RELEASE_OR_NEWEST, summary: 'only of this release' }],
    flags: [
      { name: 'last', value: 'COUNT', summary: 'so many, the newest' },
      { name: 'verify', summary: 'read every entry again and check hashes and order' },
      { name: 'export', value: 'FILE', kind: 'file', summary: 'write all entries as JSON lines; - for stdout' },
      { name: 'import', value: 'FILE', kind: 'file', summary: 'fill an empty ledger from such a file; - for stdin' },
      { name: 'actions', summary: 'only what was decided or done' },
      { name: 'verdicts', summary: 'also gates whose verdicts turned' },
      YES,
    ],
    examples: ['signalbox log 2.8.0', 'signalbox log --verify', 'signalbox log --export ledger.jsonl'],
    exits: [],
    load: () => import('./log.ts'),
  },
];
