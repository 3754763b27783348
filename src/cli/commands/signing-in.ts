import type { CommandSpec } from '../command-spec.ts';
import { YES } from '../flags.ts';

/** Who acts, and how people and programs get in. */
export const SIGNING_IN: readonly CommandSpec[] = [
  {
    group: 'SYSTEM',
    words: ['auth', 'link'],
    summary: 'a link that signs you in to the local server, once',
    detail:
      'It is good once, for ten minutes, and only at a server that nobody but this machine reaches. Whoever opens it is you: do not send it to anybody.',
    arguments: [],
    flags: [{ name: 'port', value: 'N', summary: 'where the server listens; 8787 otherwise' }],
    examples: ['signalbox auth link', 'signalbox auth link --port 9000'],
    exits: [],
    load: () => import('./auth-link.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['auth', 'status'],
    summary: 'as whom you act, and how people sign in',
    arguments: [],
    flags: [],
    examples: ['signalbox auth status'],
    exits: ['blocked'],
    load: () => import('./auth-status.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['auth', 'whoami'],
    summary: 'your roles, or those of somebody else',
    arguments: [],
    flags: [{ name: 'for', value: 'WHO', kind: 'who', summary: 'login instead of you' }],
    examples: ['signalbox auth whoami', 'signalbox auth whoami --for atalman'],
    exits: [],
    load: () => import('./auth-whoami.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['auth', 'logout'],
    summary: 'sign yourself out in every browser',
    detail:
      'Ends all your sessions at the server of this train, also those of browsers that were lost. Tokens stay: token revoke ends one.',
    arguments: [],
    flags: [YES],
    examples: ['signalbox auth logout', 'signalbox auth logout --yes'],
    exits: [],
    load: () => import('./auth-logout.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['token', 'create'],
    summary: 'a token with which a program acts as you',
    detail:
      'Its secret is shown this once, and kept nowhere. It never does more than you may at the moment it is used, and without --write it only reads.',
    arguments: [{ name: 'NAME', summary: 'what it is for', kind: 'text' }],
    flags: [
      { name: 'write', summary: 'it may also do things; otherwise it only reads' },
      { name: 'days', value: 'N', summary: 'how long it is good; 30 otherwise, 366 at most' },
      YES,
    ],
    examples: ['signalbox token create dashboard', 'signalbox token create "nightly job" --write --days 7'],
    exits: [],
    load: () => import('./token-create.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['token', 'list'],
    summary: 'your tokens, when they were used, when they end',
    arguments: [],
    flags: [{ name: 'all', summary: 'those of everybody; for release managers' }],
    examples: ['signalbox token list', 'signalbox token list --all'],
    exits: ['not-allowed'],
    load: () => import('./token-list.ts'),
  },
  {
    group: 'SYSTEM',
    words: ['token', 'revoke'],
    summary: 'end a token at once and for good',
    arguments: [{ name: 'ID', summary: 'as token list tells it', kind: 'text' }],
    flags: [YES],
    examples: ['signalbox token revoke 3f9a1c22b07e'],
    exits: ['not-allowed'],
    load: () => import('./token-revoke.ts'),
  },
];
