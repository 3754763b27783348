import { SHOWN_BY } from '../../api/command.ts';
import { elapsedMillis } from '../../domain/instant.ts';
import { clockTime, shortSpan } from '../../domain/time-text.ts';
import type { CommandData } from '../command.ts';
import { environmentOf } from '../environment-of.ts';
import { isExitCode, type ExitCode } from '../exit-codes.ts';
import { maxAgeOf } from '../max-age.ts';
import { CommandStop, usage } from '../problem.ts';
import type { Flags, Terminal } from '../session.ts';
import { runRemotely, ServerDown } from './client.ts';
import { cacheFolder, keptAnswers, keyOf, mayBeKept, type KeptAnswer } from './kept-answers.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/u;

/** An address that a token may be sent to: https, or this machine. */
function addressOf(typed: string): URL {
  if (!URL.canParse(typed))
    throw usage(`--server ${typed.slice(0, 60)} is no address`, 'write it as https://signalbox.example');
  const url = new URL(typed);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (isSafe && url.username === '' && url.password === '') return url;
  const why = url.username === '' ? 'would send the token in the clear' : 'must not hold a name or password';
  throw usage(`--server ${url.protocol}//${url.host} ${why}`, 'use https; plain http is for this machine alone');
}

/** The line without a flag that has a value. */
function without(flag: string, argv: readonly string[]): readonly string[] {
  const place = argv.indexOf(flag);
  const bare = place === -1 ? argv : [...argv.slice(0, place), ...argv.slice(place + 2)];
  return bare.filter((word) => !word.startsWith(`${flag}=`));
}

/**
 * Runs the command line on the server that --server or SIGNALBOX_SERVER names, as the person of SIGNALBOX_TOKEN. What only reads is answered as it was last,
 * with its age, while the server is down.
 */
export async function onServer(
  command: CommandData,
  { flags, argv }: { readonly flags: Flags; readonly argv: readonly string[] },
  terminal: Terminal,
): Promise<ExitCode> {
  const url = addressOf(flags.text('server') ?? terminal.env['SIGNALBOX_SERVER'] ?? '');
  const { serverToken: token } = await environmentOf(terminal.env);
  if (token === null) {
    throw new CommandStop('not-allowed', `there is no token for ${url.host}`, {
      next: [
        'make one where the server runs: signalbox token create',
        'then set SIGNALBOX_TOKEN, or SIGNALBOX_TOKEN_FILE',
      ],
    });
  }
  const server = { url, token: token.reveal() };
  const line = without('--server', argv);
  const folder = mayBeKept(command) ? cacheFolder(terminal.env) : null;
  if (folder === null) return runRemotely(server, line, terminal);
  const answers = keptAnswers(folder);
  const shown = SHOWN_BY.map((name) => terminal.env[name] ?? null);
  const { stdout } = terminal;
  // Without how old it may be: an answer of before is told with its age.
  const asked = without('--max-age', line);
  const key = keyOf([url.origin, server.token, asked, stdout.isTty, stdout.columns ?? null, shown]);
  const out: string[] = [];
  const heard: Terminal = {
    ...terminal,
    stdout: {
      ...stdout,
      write: (text) => {
        out.push(text);
        stdout.write(text);
      },
    },
  };
  try {
    const exit = await runRemotely(server, line, heard);
    if (exit === 0 || exit === 3) await answers.keep(key, { at: terminal.now(), out: out.join(''), exit });
    return exit;
  } catch (error) {
    if (!(error instanceof ServerDown)) throw error;
    const kept = await answers.find(key);
    if (kept === null) throw error;
    return showKept(kept, { flags, terminal, down: error });
  }
}

interface Down {
  readonly flags: Flags;
  readonly terminal: Terminal;
  readonly down: ServerDown;
}

/** The answer of before, with its age; or a no where that is more than was asked for. */
function showKept({ at, out, exit }: KeptAnswer, { flags, terminal, down }: Down): ExitCode {
  const now = terminal.now();
  const age = elapsedMillis(at, now);
  const limit = maxAgeOf(flags);
  if (limit !== null && age > limit.millis) {
    throw new CommandStop('stale', `${down.message}; its last answer is from ${at}, older than ${limit.typed}`, {
      next: ['ask again once the server answers, or leave --max-age out'],
    });
  }
  terminal.stdout.write(flags.has('json') ? markedStale(out) : out);
  terminal.stderr.write(`${down.message}\nThis is its answer of ${clockTime(at, now)}, ${shortSpan(age)} old.\n`);
  return isExitCode(exit) ? exit : 1;
}

/** Programs are told in the document itself. */
function markedStale(text: string): string {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || Array.isArray(document)) return text;
    const indent = text.includes('\n ') ? 2 : undefined;
    return `${JSON.stringify({ ...document, stale: true }, null, indent)}\n`;
  } catch {
    return text;
  }
}
