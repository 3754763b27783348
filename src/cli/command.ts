import type { ExitName } from './exit-codes.ts';

/** What a value is, for completion and for the words of its error. */
export type ValueKind =
  | 'release'
  | 'candidate'
  | 'repo'
  | 'gate'
  | 'plan'
  | 'file'
  | 'folder'
  | 'topic'
  | 'shell'
  | 'key'
  | 'text'
  | 'who';

/** An argument by position. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly kind: ValueKind;
  readonly optional?: boolean;
  /** May be given several times; only the last argument of a command. */
  readonly many?: boolean;
}

/** A flag. The same name takes a value everywhere or nowhere, so that the words of a command can be told from values. */
export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  readonly summary: string;
  /** Placeholder of the value; a flag without one is on or off. */
  readonly value?: string;
  /** The value may be left out, and then only `--flag=VALUE` gives one. */
  readonly valueOptional?: boolean;
  /** May be given several times. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
  readonly kind?: ValueKind;
}

/** One command as data: the parser, help, the man page and completion are made from it. */
export interface CommandData {
  /** Noun and verb, or one word. */
  readonly words: readonly [string] | readonly [string, string];
  readonly group: Group;
  readonly summary: string;
  /** More than the summary says; whole sentences. */
  readonly detail?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly flags: readonly FlagSpec[];
  readonly examples: readonly string[];
  /** Codes besides 0, 1 and 2 that it can end with. */
  readonly exits: readonly ExitName[];
  /** False where --yes is taken but nothing is asked before: a plan that was shown is its own yes. */
  readonly asks?: boolean;
  /** About the machine it is typed on, even with --server: it starts something, or writes files. Commands that take files are without saying so. */
  readonly here?: boolean;
}

export const GROUPS = [
  'EVERYDAY',
  'RELEASE',
  'BRANCH',
  'RELEASE CANDIDATES',
  'GATES',
  'ASKS',
  'CHERRY-PICKS',
  'ARTIFACTS AND PROMOTION',
  'PATCH AND SUPPORT',
  'PLANS',
  'SYSTEM',
] as const;
export type Group = (typeof GROUPS)[number];

/** The command as it is typed, without the program: `rc cut`. */
export function nameOf(command: Pick<CommandData, 'words'>): string {
  return command.words.join(' ');
}

/** `branch cut [REPO] REL`. */
export function synopsisOf(command: Pick<CommandData, 'words' | 'arguments'>): string {
  return [
    ...command.words,
    ...command.arguments.map(({ name, optional, many }) => {
      const form = many === true ? `${name}...` : name;
      return optional === true ? `[${form}]` : form;
    }),
  ].join(' ');
}

/** `-C DIR`, `--json[=FIELDS]`, `-y, --yes`. */
export function flagForm(flag: FlagSpec): string {
  const value = flag.value === undefined ? '' : flag.valueOptional === true ? `[=${flag.value}]` : ` ${flag.value}`;
  return `${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}${value}`;
}
