import type { Train } from '../../../domain/train/train.ts';
import type { Option } from './arguments.ts';

/** The words a command begins with. */
export type CommandName =
  | 'cherry-pick'
  | 'cherry-pick status'
  | 'cherry-pick retry'
  | 'cherry-pick withdraw'
  | 'approve'
  | 'refuse'
  | 'needs-info'
  | 'where'
  | 'blockers'
  | 'status'
  | 'help';

export interface CommandSpec {
  readonly name: CommandName;
  readonly description: string;
  readonly options: readonly Option[];
}

const plain = { required: false, choices: null, repeats: false };

function onto(train: Train, required: boolean): Option {
  const example = Object.keys(train.calendar.cadence).at(-1) ?? '2.2';
  return {
    ...plain,
    names: ['--onto', '--into'],
    metavar: 'ONTO',
    required,
    repeats: true,
    help: `Branch you would like to cherry pick onto (Example: ${train.branches.release.replaceAll('{line}', example)})`,
  };
}

function message(metavar: string, required: boolean, help: string): Option {
  return { ...plain, names: ['-m', '--message'], metavar, required, help };
}

function spec(name: CommandName, description: string, options: readonly Option[] = []): CommandSpec {
  return { name, description, options };
}

/** The commands of the bot, in the order help shows them. The classes of picks are the train's. */
export function grammarOf(train: Train): readonly CommandSpec[] {
  const project = `${train.forge?.web ?? 'https://github.com'}/${Object.values(train.repos).find(({ role }) => role === 'core')?.slug ?? 'OWNER/REPO'}`;
  const classes: Option = {
    ...plain,
    names: ['-c', '--classification'],
    metavar: `{${Object.keys(train.picks.classes).join(',')}}`,
    required: true,
    choices: Object.keys(train.picks.classes),
    help: 'A machine-friendly classification of the cherry-pick reason.',
  };
  const fixes: Option = {
    ...plain,
    names: ['--fixes'],
    metavar: 'FIXES',
    help: `Link to the issue that your PR fixes (i.e. ${project}/issues/110666)`,
  };
  const lateOk: Option = {
    ...plain,
    names: ['--late-ok'],
    metavar: null,
    help: 'Let it in after the end of its phase (release managers, with -m)',
  };
  return [
    spec('cherry-pick', 'Cherry pick a pull request onto a release branch for inclusion in a release', [
      onto(train, true),
      fixes,
      classes,
    ]),
    spec('cherry-pick status', 'Say where the picks of this pull request are', [onto(train, false)]),
    spec('cherry-pick retry', 'Try a pick again, after a conflict was resolved or a rule was lifted', [
      onto(train, false),
      lateOk,
      message('REASON', false, 'Why it may go in late'),
    ]),
    spec('cherry-pick withdraw', 'Take the request for a pick back', [
      onto(train, false),
      message('REASON', false, 'Why it is not needed any more'),
    ]),
    spec('approve', 'Approve the pick of this pull request (release managers)'),
    spec('refuse', 'Refuse the pick of this pull request (release managers)', [
      message('REASON', true, 'Why it is refused; its author reads this'),
    ]),
    spec('needs-info', 'Ask the author about the pick of this pull request (release managers)', [
      message('QUESTION', true, 'What has to be known'),
    ]),
    spec('where', 'Say which branches, candidates and releases have this change'),
    spec('blockers', 'Say what blocks the release of this tracker'),
    spec('status', 'Say where the release of this tracker stands'),
    spec('help', 'Show this help'),
  ];
}
