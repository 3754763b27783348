import { runProgram, type ProgramEnd } from '../../programs/index.ts';

/** One run of git. `input` is written to its standard input, which is then closed. */
export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Milliseconds until it is stopped. */
  readonly millis: number;
  /** Bytes of standard output above which it is stopped. */
  readonly maxBytes: number;
}

/** How a run ended. */
export interface GitOutcome extends ProgramEnd {
  readonly args: readonly string[];
  readonly call: GitCall;
}

/** Git did not end with an exit code that is an answer. Told to callers as `GitError`. */
export class CommandFailure extends Error {
  readonly outcome: GitOutcome;
  constructor(outcome: GitOutcome, text: string) {
    super(text);
    this.name = 'CommandFailure';
    this.outcome = outcome;
  }
}

/** Git could not be started at all. */
export class GitNotStarted extends Error {
  constructor(options: ErrorOptions) {
    super('git could not be started', options);
    this.name = 'GitNotStarted';
  }
}

/** Runs git to its end, in a process group of its own, and says how it ended; throws only when it could not be started. */
export async function runGit(call: GitCall): Promise<GitOutcome> {
  try {
    const end = await runProgram({ ...call, program: 'git' });
    return { ...end, args: call.args, call };
  } catch (cause) {
    throw new GitNotStarted({ cause });
  }
}
