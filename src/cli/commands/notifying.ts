import type { CommandSpec } from '../command-spec.ts';

/** How one is told of what happens and of what waits. */
export const NOTIFYING: readonly CommandSpec[] = [
  {
    group: 'SYSTEM',
    words: ['notify', 'list'],
    summary: 'how you are told of what happens, and what you were told',
    arguments: [],
    flags: [{ name: 'all', summary: 'what was told to everybody instead; for release managers' }],
    examples: ['signalbox notify list', 'signalbox notify list --all'],
    exits: ['not-allowed'],
    load: () => import('./notify-list.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['notify', 'set'],
    summary: 'choose how you are told: channel, hours, digest',
    detail:
      'What you do not set is as the train file has it, and "usual" goes back to that. A mail address counts once the code that is sent there came back. Nothing of this is in the ledger.',
    arguments: [
      { name: 'KIND', summary: 'a kind, as notify list names it; every kind otherwise', kind: 'text', optional: true },
    ],
    flags: [
      { name: 'by', value: 'CHANNEL', summary: 'mail, slack, mention on the tracker, or none' },
      { name: 'when', value: 'WHEN', summary: 'at-once, or in the digest' },
      { name: 'mail', value: 'ADDRESS', summary: 'where mail goes; none for no mail' },
      { name: 'room', value: 'NAME', summary: 'room of the train file, for slack' },
      { name: 'zone', value: 'ZONE', summary: 'your time zone, as Europe/Berlin' },
      { name: 'quiet-hours', value: 'SPAN', summary: 'when you are not disturbed, as 22:00-07:00; none for never' },
      { name: 'digest', value: 'TIME', summary: 'when the digest comes, as 09:00' },
      { name: 'days', value: 'DAYS', summary: 'days of the digest, as mon,wed,fri' },
    ],
    examples: [
      'signalbox notify set --by mail --mail ana@example.org',
      'signalbox notify set candidate --when digest',
      'signalbox notify set --quiet-hours 22:00-07:00 --digest 08:30 --days mon,wed',
    ],
    exits: ['refused', 'not-allowed'],
    load: () => import('./notify-set.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['notify', 'confirm'],
    summary: 'show that you read the mail address you set',
    arguments: [{ name: 'CODE', summary: 'the code that was sent to it', kind: 'text' }],
    flags: [],
    examples: ['signalbox notify confirm 3f9a1c22b07e'],
    exits: ['refused'],
    load: () => import('./notify-confirm.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['notify', 'test'],
    summary: 'tell you something now, to see that it arrives',
    arguments: [
      { name: 'KIND', summary: 'a kind, as notify list names it; needs-you otherwise', kind: 'text', optional: true },
    ],
    flags: [],
    examples: ['signalbox notify test', 'signalbox notify test released'],
    exits: ['refused', 'not-allowed'],
    load: () => import('./notify-test.ts'),
  },
];
