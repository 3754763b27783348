import type { CommandSpec } from '../command-spec.ts';
import { YES } from '../flags.ts';

/** Partners that are told of events. */
export const PARTNER_WEBHOOKS: readonly CommandSpec[] = [
  {
    group: 'SYSTEM',
    words: ['webhook', 'list'],
    summary: 'partners that are told of events, and what failed',
    detail: 'They are named under webhooks in the train file; docs/webhooks.md says how they check what they get.',
    arguments: [],
    flags: [],
    examples: ['signalbox webhook list'],
    exits: ['blocked'],
    load: () => import('./webhook-list.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['webhook', 'test'],
    summary: 'send a partner a message of type ping now',
    arguments: [{ name: 'NAME', summary: 'the partner, as the train file names it', kind: 'text' }],
    flags: [YES],
    examples: ['signalbox webhook test mirror'],
    exits: ['not-allowed', 'stale'],
    load: () => import('./webhook-test.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['webhook', 'redeliver'],
    summary: 'send again what failed for good, or one entry',
    detail: 'The id of a message stays what it was, so that a partner that had it can tell. The running server sends.',
    arguments: [{ name: 'NAME', summary: 'the partner, as the train file names it', kind: 'text' }],
    flags: [{ name: 'entry', value: 'SEQ', summary: 'this entry of the log, also where it arrived' }, YES],
    examples: ['signalbox webhook redeliver mirror', 'signalbox webhook redeliver mirror --entry 512'],
    exits: ['not-allowed'],
    load: () => import('./webhook-redeliver.ts'),
  },
];
