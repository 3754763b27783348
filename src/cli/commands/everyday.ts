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
      YES,
    ],
    examples: ['signalbox log 2.8.0', 'signalbox log --verify', 'signalbox log --export ledger.jsonl'],
    exits: [],
    load: () => import('./log.ts'),
  },
];
