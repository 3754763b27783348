import { exitCode, type ExitCode } from './exit-codes.ts';
import { line, span, type Line } from './output/line.ts';
import type { Environment } from './output/style.ts';
import { columnsOf, neutral, wrapText } from './output/text.ts';
import { CommandStop } from './problem.ts';
import { redact } from './redact.ts';

export interface FailureShow {
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly env: Environment;
  readonly width: number;
}

/** An error as it is told: what is wrong, with which thing, then what to do; and the code to end with. */
export function failureLines(
  error: unknown,
  show: FailureShow,
): { readonly exit: ExitCode; readonly lines: readonly Line[] } {
  const clean = (text: string): string => neutral(redact(text, show.env));
  const told = tell(error);
  const word = told.word === null ? '' : `   [${told.word}]`;
  const [first = '', ...rest] = wrapText(`error: ${clean(told.message)}`, show.width - 2);
  const fits = rest.length === 0 && columnsOf(first) + word.length <= show.width;
  const lines = [
    line(span('error:', 'fail'), first.slice('error:'.length), fits ? span(word, 'mute') : ''),
    ...rest.map((each) => line(`  ${each}`)),
    ...(fits || word === '' ? [] : [line(span(`  ${word.trim()}`, 'mute'))]),
    // A line to do next is kept whole, so that it can be copied.
    ...told.next.map((each) => line(`  ${clean(each)}`)),
    ...(show.verbose || show.debug ? causes(error).map((each) => line(span(`  because: ${clean(each)}`, 'mute'))) : []),
    ...(show.debug ? traceOf(error).map((each) => line(span(`  ${clean(each)}`, 'mute'))) : []),
  ];
  return { exit: told.exit, lines };
}

interface Told {
  readonly exit: ExitCode;
  readonly message: string;
  readonly next: readonly string[];
  readonly word: string | null;
}

const OUR_MISTAKES = new Set([
  'TypeError',
  'ReferenceError',
  'RangeError',
  'SyntaxError',
  'ZodError',
  'AssertionError',
]);

function tell(error: unknown): Told {
  if (error instanceof CommandStop)
    return { exit: error.exit, message: error.message, next: error.next, word: error.word };
  if (!(error instanceof Error)) return { exit: exitCode('failed'), message: String(error), next: [], word: null };
  if (OUR_MISTAKES.has(error.name)) {
    return {
      exit: exitCode('failed'),
      message: `${error.name}: ${error.message}`,
      next: ['This is a mistake in Signalbox. Nothing is lost; please report it with the output of --debug.'],
      word: 'BUG',
    };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const forbidden = code === 'not-signed-in' || code === 'not-allowed' || code === 'denied';
  return {
    exit: exitCode(forbidden ? 'not-allowed' : code === 'refused' ? 'refused' : 'failed'),
    message: error.message,
    next: code === 'not-signed-in' ? ['give a token in SIGNALBOX_GITHUB_TOKEN; see: signalbox help environment'] : [],
    word: null,
  };
}

function causes(error: unknown): readonly string[] {
  const found: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && cause !== null && found.length < 8) {
    found.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : textOf(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return found;
}

function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : 'something that is no error was thrown';
}

function traceOf(error: unknown): readonly string[] {
  return error instanceof Error && error.stack !== undefined
    ? error.stack
        .split('\n')
        .slice(1, 15)
        .map((each) => each.trim())
    : [];
}
