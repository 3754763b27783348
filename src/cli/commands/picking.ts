import type { FlagSpec } from '../command.ts';
import type { CommandSpec } from '../command-spec.ts';
import { PLAN_FLAGS, REASON, YES } from '../flags.ts';
import { PULL, RELEASE } from './arguments.ts';

const REPO: FlagSpec = {
  name: 'repo',
  value: 'KEY',
  kind: 'repo',
  summary: 'repository, by its name in the train; the core one otherwise',
};
const ONTO: FlagSpec = {
  name: 'onto',
  value: 'BRANCH',
  many: true,
  summary: 'release branch; needed where several were asked for',
};
const common = { group: 'CHERRY-PICKS' } as const;
const deciding = {
  ...common,
  arguments: [PULL],
  exits: ['not-allowed', 'refused', 'conflict', 'stale'],
} as const;

/** Cherry-picks: asking, deciding, and what was forgotten. */
export const PICKING: readonly CommandSpec[] = [
  {
    ...common,
    words: ['pick', 'request'],
    summary: 'ask: --onto BRANCH -c CLASS [--fixes ISSUE]',
    detail:
      'Judges the request by the rules of the phase, tries the pick, shows the plan and, once confirmed, pushes a branch and opens its pull request. Nothing is ever resolved by the machine: a conflict ends with 6 and says what conflicts and what is missing. Each branch has its own answer.',
    arguments: [PULL],
    flags: [
      REPO,
      { ...ONTO, summary: 'release branch to pick onto; may be given several times' },
      {
        name: 'class',
        short: 'c',
        value: 'CLASS',
        summary: 'what it is, as regression; see criteria in the train file',
      },
      { name: 'fixes', value: 'LINK', summary: 'issue that it fixes: its address, or owner/name#NUMBER' },
      ...PLAN_FLAGS,
    ],
    examples: [
      'signalbox pick request 158112 --onto release/2.8 -c docs',
      'signalbox pick request 158112 --onto release/2.8 -c docs --dry-run',
    ],
    exits: ['not-allowed', 'refused', 'conflict', 'partial', 'running', 'stale', 'changes', 'interrupted'],
    load: () => import('./pick-request.ts'),
  },
  {
    ...common,
    words: ['pick', 'retry'],
    summary: 'try the pick again, as it was asked for',
    arguments: [PULL],
    flags: [REPO, ONTO, ...PLAN_FLAGS],
    examples: ['signalbox pick retry 158112 --onto release/2.8'],
    exits: ['not-allowed', 'refused', 'conflict', 'partial', 'running', 'stale', 'changes', 'interrupted'],
    load: () => import('./pick-retry.ts'),
  },
  {
    ...common,
    words: ['pick', 'list'],
    summary: 'picks of a release: state, class, owner',
    arguments: [{ ...RELEASE, optional: true, summary: 'release, as 2.8.0; the newest one otherwise' }],
    flags: [REPO, { name: 'state', value: 'STATE', summary: 'only of this state, as needs-review; or open' }],
    examples: ['signalbox pick list 2.8.0 --state needs-review'],
    exits: [],
    load: () => import('./pick-list.ts'),
  },
  {
    ...common,
    words: ['pick', 'show'],
    summary: 'one pick: state, decision, checks, conflict',
    arguments: [PULL],
    flags: [
      REPO,
      { ...ONTO, summary: 'only onto this release branch' },
      { name: 'conflict', summary: 'try it again and say what conflicts (exit 6); writes nothing' },
    ],
    examples: ['signalbox pick show 158112', 'signalbox pick show 158112 --onto release/2.8 --conflict'],
    exits: ['conflict', 'stale'],
    load: () => import('./pick-show.ts'),
  },
  {
    ...deciding,
    words: ['pick', 'approve'],
    summary: 'approve the head that its pull request has now',
    flags: [REPO, ONTO, YES],
    examples: ['signalbox pick approve 158112 --onto release/2.8'],
    load: () => import('./pick-approve.ts'),
  },
  {
    ...deciding,
    words: ['pick', 'refuse'],
    summary: 'refuse it, with a reason for the author',
    flags: [REPO, ONTO, REASON, YES],
    examples: ['signalbox pick refuse 158112 -m "a new feature"'],
    load: () => import('./pick-refuse.ts'),
  },
  {
    ...deciding,
    words: ['pick', 'ask'],
    summary: 'ask the author something; it waits for the answer',
    flags: [REPO, ONTO, REASON, YES],
    examples: ['signalbox pick ask 158112 -m "which release had it right?"'],
    load: () => import('./pick-ask.ts'),
  },
  {
    ...deciding,
    words: ['pick', 'reopen'],
    summary: 'take it back to review, after a refusal or an answer',
    flags: [REPO, ONTO, REASON, YES],
    examples: ['signalbox pick reopen 158112 -m "it is a regression since 2.7"'],
    load: () => import('./pick-reopen.ts'),
  },
  {
    ...deciding,
    words: ['pick', 'withdraw'],
    summary: 'take the request back',
    flags: [REPO, ONTO, REASON, YES],
    examples: ['signalbox pick withdraw 158112 -m "fixed in another way"'],
    load: () => import('./pick-withdraw.ts'),
  },
  {
    ...deciding,
    words: ['pick', 'dispense'],
    summary: 'let it in against the rules of its phase',
    flags: [
      REPO,
      ONTO,
      REASON,
      { name: 'until', value: 'WHEN', summary: 'when that ends: a date, a moment, or a time from now as 2d' },
      YES,
    ],
    examples: ['signalbox pick dispense 158112 -m "data loss" --until 2d'],
    load: () => import('./pick-dispense.ts'),
  },
  {
    ...common,
    words: ['pick', 'missing'],
    summary: 'closed items of the milestone that the branches lack',
    detail:
      'Judges each closed pull request and issue of the milestone by the commits of main that are or close it, with the proof. Ends with 3 when one is missing, partial, ambiguous or without a commit.',
    arguments: [RELEASE],
    flags: [],
    examples: ['signalbox pick missing 2.8.0'],
    exits: ['blocked', 'stale'],
    load: () => import('./pick-missing.ts'),
  },
  {
    ...common,
    words: ['pick', 'reverts'],
    summary: 'reverts on main that the branches lack',
    detail:
      'By the net of change, revert and reland on each side, with the proof that the branch has what main took back. Ends with 3 when there is one that nobody decided to keep. --request makes each revert on its branch, as a pull request that is reviewed like a pick; --decline is for a release manager, and the gate reverts-settled follows it.',
    asks: false,
    arguments: [RELEASE],
    flags: [
      { ...REPO, summary: 'only of this repository, by its name in the train' },
      { name: 'request', summary: 'make the reverts that are proven and past the wait for a reland' },
      { name: 'decline', value: 'SHA', summary: 'keep what this revert on main took back, for a --reason' },
      REASON,
      ...PLAN_FLAGS,
    ],
    examples: [
      'signalbox pick reverts 2.8.0',
      'signalbox pick reverts 2.8.0 --request --dry-run',
      'signalbox pick reverts 2.8.0 --decline 4c3b2a1 -m "2.8 needs it"',
    ],
    exits: ['blocked', 'not-allowed', 'refused', 'conflict', 'partial', 'running', 'stale', 'changes', 'interrupted'],
    load: () => import('./pick-reverts.ts'),
  },
  {
    ...common,
    words: ['tracker', 'open'],
    summary: 'open the tracker issue, and its mirror in every repo',
    detail:
      'Core has its tracker since the cut; this opens it where it is missing, and a mirror in each other repository of the release. Which issue is the tracker is known by its recorded number, or by its hidden marker and an author the train trusts: never by its title.',
    arguments: [RELEASE],
    flags: [...PLAN_FLAGS],
    examples: ['signalbox tracker open 2.8.0', 'signalbox tracker open 2.8.0 --dry-run'],
    exits: ['not-allowed', 'refused', 'conflict', 'partial', 'running', 'stale', 'changes', 'interrupted'],
    load: () => import('./tracker-open.ts'),
  },
  {
    ...common,
    words: ['tracker', 'sync'],
    summary: 'rewrite the tracker issues as things stand now',
    detail:
      'Tells each landed pick once in the three-block form, too. What people wrote below the end marker stays as it is; only an issue of somebody the train trusts is touched.',
    arguments: [RELEASE],
    flags: [YES],
    examples: ['signalbox tracker sync 2.8.0'],
    exits: ['refused', 'conflict'],
    load: () => import('./tracker-sync.ts'),
  },
];
