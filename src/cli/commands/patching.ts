import type { ArgumentSpec, FlagSpec } from '../command.ts';
import type { CommandSpec } from '../command-spec.ts';
import { PLAN_FLAGS, REASON, YES } from '../flags.ts';
import { RELEASE } from './arguments.ts';

const PATCH: ArgumentSpec = { name: 'REL', summary: 'patch release, as 2.8.1', kind: 'release' };
const PATCH_OR_LINE: ArgumentSpec = {
  name: 'REL|LINE',
  summary: 'patch release, as 2.8.1, or its line; the only live one otherwise',
  kind: 'release',
  optional: true,
};
const REPO: FlagSpec = {
  name: 'repo',
  value: 'KEY',
  kind: 'repo',
  summary: 'repository, by its name in the train; the core one otherwise',
};
const ISSUE: FlagSpec = { name: 'issue', value: 'N', summary: 'number of the issue or pull request' };
const common = { group: 'PATCH AND SUPPORT' } as const;

/** Patch releases: triage, go or no-go, schedule, who owes a pick. */
export const PATCHING: readonly CommandSpec[] = [
  {
    ...common,
    words: ['patch', 'triage'],
    asks: false,
    summary: 'candidates, and what the evidence suggests',
    detail:
      'Lists what carries the label of triage, with the answer that labels, words and history suggest to each criterion. A suggestion decides nothing; what nothing speaks for is unknown. With --milestones it plans the milestones that follow from the decisions.',
    arguments: [PATCH_OR_LINE],
    flags: [{ name: 'milestones', summary: 'plan the milestones as triage decided, and apply them' }, ...PLAN_FLAGS],
    examples: ['signalbox patch triage 2.8', 'signalbox patch triage 2.8.1 --milestones --dry-run'],
    exits: ['blocked', 'stale', 'not-allowed', 'refused', 'conflict', 'partial', 'running', 'changes', 'interrupted'],
    load: () => import('./patch-triage.ts'),
  },
  {
    ...common,
    words: ['patch', 'check'],
    summary: 'does one issue or pull request meet the criteria',
    arguments: [PATCH_OR_LINE],
    flags: [ISSUE, REPO],
    examples: ['signalbox patch check 2.8 --issue 159001'],
    exits: ['blocked', 'stale'],
    load: () => import('./patch-check.ts'),
  },
  {
    ...common,
    words: ['patch', 'owed'],
    asks: false,
    summary: 'fixes whose author has not posted a pick',
    detail:
      'Fixes of the milestone that are on main, that the release branch lacks, and for which nobody has asked. With --ask it plans one comment on each pull request, written once; after the deadline nobody is asked any more, and what is not posted is not included.',
    arguments: [PATCH],
    flags: [{ name: 'ask', summary: 'plan to ask each author once, and apply it' }, ...PLAN_FLAGS],
    examples: ['signalbox patch owed 2.8.1', 'signalbox patch owed 2.8.1 --ask --dry-run'],
    exits: ['blocked', 'stale', 'not-allowed', 'refused', 'conflict', 'partial', 'running', 'changes', 'interrupted'],
    load: () => import('./patch-owed.ts'),
  },
  {
    ...common,
    words: ['patch', 'brief'],
    summary: 'the case for go or no-go, on one page',
    arguments: [PATCH],
    flags: [{ name: 'announcement', summary: 'the text that announces it, as Markdown' }],
    examples: ['signalbox patch brief 2.8.1', 'signalbox patch brief 2.8.1 --announcement'],
    exits: ['blocked', 'stale'],
    load: () => import('./patch-brief.ts'),
  },
  {
    ...common,
    words: ['patch', 'decide'],
    summary: 'record go or no-go; or decide one candidate',
    detail:
      'With --go or --no-go a release manager decides whether there is to be a patch release; its tracker and candidates wait for that. With --issue a triage reviewer accepts or declines one candidate; its milestone follows by signalbox patch triage REL --milestones. The last decision counts.',
    arguments: [PATCH],
    flags: [
      { name: 'go', summary: 'there is to be this patch release' },
      { name: 'no-go', summary: 'there is not' },
      ISSUE,
      REPO,
      { name: 'accept', summary: 'with --issue: it belongs into the patch' },
      { name: 'reject', summary: 'with --issue: it does not' },
      { name: 'with', value: 'LOGIN', many: true, summary: 'who decided it too; may be given several times' },
      REASON,
      YES,
    ],
    examples: [
      'signalbox patch decide 2.8.1 --go -m "two silent regressions" --with ben',
      'signalbox patch decide 2.8.1 --issue 159001 --accept -m "silently wrong"',
    ],
    exits: ['not-allowed', 'refused', 'stale'],
    load: () => import('./patch-decide.ts'),
  },
  {
    ...common,
    words: ['patch', 'schedule'],
    summary: 'propose 4-5 week dates',
    detail:
      'Lays out the phases of the train from the day after the release before, or from --from, and says what speaks against the dates. Without --dry-run they are written down as a decision. Shows what the calendar of the train file has to say for them; --propose opens the pull request that makes it say so.',
    arguments: [PATCH],
    flags: [
      { name: 'from', value: 'DAY', summary: 'when triage begins, as 2026-06-03' },
      { name: 'weeks', value: 'N', summary: 'in how many weeks; as the train says otherwise' },
      { name: 'dry-run', short: 'n', summary: 'propose only' },
      { name: 'propose', summary: "plan the calendar's change as a pull request, too" },
      REASON,
      YES,
    ],
    examples: ['signalbox patch schedule 2.8.1 --dry-run', 'signalbox patch schedule 2.8.1 --weeks 4 -m "small"'],
    exits: ['not-allowed', 'refused', 'stale', 'conflict', 'partial', 'running', 'interrupted'],
    load: () => import('./patch-schedule.ts'),
  },
  {
    ...common,
    words: ['patch', 'carried'],
    summary: 'is anything of the line before missing from a release',
    arguments: [RELEASE],
    flags: [],
    examples: ['signalbox patch carried 2.9.0'],
    exits: ['blocked', 'stale'],
    load: () => import('./patch-carried.ts'),
  },
];
