import type { App } from '../app/app.ts';
import type { Instant } from '../domain/instant.ts';
import type { CommandData } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Line } from './output/line.ts';
import type { Progress } from './output/progress.ts';
import type { Environment } from './output/style.ts';

/** A stream to write to. */
export interface Sink {
  write(text: string): void;
  readonly isTty: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
}

/** The outside of a command: streams, environment, clock. The real one is in terminal.ts, tests bring their own. */
export interface Terminal {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdinIsTty: boolean;
  readonly env: Environment;
  readonly cwd: string;
  now(): Instant;
  /** Asks on stderr and waits for a line; null when the input ended. */
  ask(question: string): Promise<string | null>;
  /** The whole of stdin, at most `limit` bytes. */
  readInput(limit: number): Promise<string>;
  /** Calls at each Ctrl-C instead of ending the process, until the returned function is called. */
  onInterrupt(handler: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  /** Shows a long text page by page; only asked for when stdout is a terminal. */
  page(text: string): Promise<void>;
}

/** The flags of one call, by name. */
export interface Flags {
  has(name: string): boolean;
  text(name: string): string | null;
  list(name: string): readonly string[];
}

/** Where a train is looked for. */
export interface TrainPlace {
  readonly folder: string;
  /** As --train says: a file, or the name of a preset. */
  readonly train: string | null;
  readonly env: Environment;
  /** The clock of the terminal: what is judged and what is shown go by the same one. */
  readonly now: () => Instant;
}

/** What one call of a command works with. */
export interface Session {
  readonly command: CommandData;
  /** Every command there is. */
  readonly commands: readonly CommandData[];
  /** Runs another command line in this process, on a terminal of its own: for rehearsals, and for a server with its own app. */
  runAnother(argv: readonly string[], terminal: Terminal, app?: App): Promise<ExitCode>;
  /** Values of the arguments by the name they have in the tree; a missing optional one is null. */
  argument(name: string): string | null;
  /** All values of an argument that may be given several times. */
  all(name: string): readonly string[];
  /** A required argument. */
  required(name: string): string;
  readonly flags: Flags;
  readonly terminal: Terminal;
  readonly folder: string;
  readonly now: Instant;
  /** Whether a person can be asked: a terminal on stdin and no --no-input. */
  readonly canAsk: boolean;
  readonly progress: Progress;
  /** Writes lines for people to stderr, styled. */
  say(...lines: readonly Line[]): void;
  readonly width: number;
  /** The train with its ports, opened at the first call and closed when the command ends. */
  app(): Promise<App>;
  /** Called when the command has ended, however it did, last registered first. */
  atEnd(action: () => Promise<void>): void;
}
