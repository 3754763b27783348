import type { ArgumentSpec } from '../command.ts';
import type { CommandSpec } from '../command-spec.ts';
import { PLAN_FLAGS, REASON, YES } from '../flags.ts';
import { RELEASE, RELEASE_OR_NEWEST } from './arguments.ts';

const ASK: ArgumentSpec = { name: 'ASK', summary: 'name of the ask, as triton-release', kind: 'text' };
const common = { group: 'ASKS' } as const;

/** What is asked of people outside: until when, whether it was sent, whether it is done. */
export const ASKING: readonly CommandSpec[] = [
  {
    ...common,
    words: ['ask', 'list'],
    summary: 'what is asked of others, and how it stands',
    arguments: [RELEASE_OR_NEWEST],
    flags: [],
    examples: ['signalbox ask list 2.8.0'],
    exits: ['stale'],
    load: () => import('./ask-list.ts'),
  },
  {
    ...common,
    words: ['ask', 'show'],
    summary: 'one ask: text, day, and what shows it is done',
    arguments: [RELEASE, ASK],
    flags: [],
    examples: ['signalbox ask show 2.8.0 triton-release'],
    exits: ['stale'],
    load: () => import('./ask-show.ts'),
  },
  {
    ...common,
    words: ['ask', 'send'],
    summary: 'open the issue in which it is asked',
    detail:
      'For asks that the train file sends as an issue. One that is there already, by its number or its hidden marker, is not opened twice.',
    arguments: [RELEASE, ASK],
    flags: PLAN_FLAGS,
    examples: ['signalbox ask send 2.8.0 triton-release --dry-run'],
    exits: ['not-allowed', 'refused', 'conflict', 'partial', 'changes', 'interrupted', 'stale'],
    load: () => import('./ask-send.ts'),
  },
  {
    ...common,
    words: ['ask', 'record'],
    summary: 'record that it was asked by hand, or answered',
    detail:
      'What the world shows is not recorded: a version on an index, a branch or a closed issue is looked at each time. --done is for what people can only tell.',
    arguments: [RELEASE, ASK],
    flags: [
      { name: 'link', value: 'URL', summary: 'where it was asked or answered' },
      { ...REASON, summary: 'how it was asked, or what the answer was' },
      { name: 'done', summary: 'the answer: it is done' },
      { name: 'withdraw', summary: 'take back what was recorded by mistake' },
      YES,
    ],
    examples: [
      'signalbox ask record 2.8.0 triton-release --link https://forum.example/1',
      'signalbox ask record 2.8.0 colab --done -m "they ship it on Monday"',
    ],
    exits: ['not-allowed', 'refused'],
    load: () => import('./ask-record.ts'),
  },
];
