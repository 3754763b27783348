import { exitCode, type ExitCode, type ExitName } from './exit-codes.ts';

/** Ends a command with a text for people and a code of the table. Thrown by faces and caught once, in run.ts. */
export class CommandStop extends Error {
  readonly exit: ExitCode;
  /** What to do next: lines below the message, each a command or an act. */
  readonly next: readonly string[];
  /** A stable word for scripts, printed in brackets: GATE_BLOCKED. */
  readonly word: string | null;
  constructor(
    exit: ExitName,
    message: string,
    options: { readonly next?: readonly string[]; readonly word?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CommandStop';
    this.exit = exitCode(exit);
    this.next = options.next ?? [];
    this.word = options.word ?? null;
  }
}

/** A mistake in the command line: exit 2, nothing was run. */
export function usage(message: string, ...next: readonly string[]): CommandStop {
  return new CommandStop('usage', message, { next });
}
