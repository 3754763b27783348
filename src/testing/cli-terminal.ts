import type { App } from '../app/app.ts';
import { runCli } from '../cli/run.ts';
import type { Terminal, TrainPlace } from '../cli/session.ts';
import { Instant } from '../domain/instant.ts';

/** What a test says about the outside of a command; nothing is a terminal and nobody answers, unless said. */
export interface CliOutside {
  readonly env?: Readonly<Record<string, string>>;
  /** Columns of stdout and stderr as terminals; left out, both are pipes. */
  readonly tty?: number;
  /** Lines that a person types, in order; given, stdin is a terminal. */
  readonly typed?: readonly string[];
  readonly cwd?: string;
  readonly now?: string;
  readonly app?: App;
  /** Called with what the command does at Ctrl-C. */
  readonly onInterrupt?: (press: () => void) => void;
}

export interface CliRan {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly questions: readonly string[];
}

/** Runs one command line in this process and keeps what it wrote. */
export async function cliRun(argv: readonly string[], outside: CliOutside = {}): Promise<CliRan> {
  const written = { out: '', err: '' };
  const questions: string[] = [];
  const answers = [...(outside.typed ?? [])];
  const sink = (stream: keyof typeof written) => ({
    write: (text: string) => void (written[stream] += text),
    isTty: outside.tty !== undefined,
    columns: outside.tty,
    rows: undefined,
  });
  const terminal: Terminal = {
    stdout: sink('out'),
    stderr: sink('err'),
    stdinIsTty: outside.typed !== undefined,
    env: outside.env ?? {},
    cwd: outside.cwd ?? '/nowhere',
    now: () => Instant.parse(outside.now ?? '2025-06-24T14:05:00Z'),
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(answers.shift() ?? null);
    },
    readInput: () => Promise.resolve(''),
    onInterrupt: (handler) => {
      outside.onInterrupt?.(handler);
      return () => undefined;
    },
    exit: (code) => {
      throw new Error(`the command asked to end at once with ${code}`);
    },
    page: () => Promise.reject(new Error('nothing is paged in tests')),
  };
  const { app } = outside;
  const openApp = (_place: TrainPlace): Promise<App> =>
    app === undefined ? Promise.reject(new Error('this test has no train')) : Promise.resolve(app);
  const code = await runCli(argv, { terminal, openApp });
  return { code, ...written, questions };
}

const ESCAPE = String.fromCodePoint(0x1b);

/** Whether a text holds an escape sequence. */
export function hasEscapes(text: string): boolean {
  return text.includes(ESCAPE);
}
