import { environmentOf } from '../environment-of.ts';
import type { ExitCode } from '../exit-codes.ts';
import { CommandStop, usage } from '../problem.ts';
import type { Flags, Terminal } from '../session.ts';
import { runRemotely } from './client.ts';

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

/** The line without the flag that brought it here. */
function withoutServer(argv: readonly string[]): readonly string[] {
  const place = argv.indexOf('--server');
  const bare = place === -1 ? argv : [...argv.slice(0, place), ...argv.slice(place + 2)];
  return bare.filter((word) => !word.startsWith('--server='));
}

/** Runs the command line on the server that --server or SIGNALBOX_SERVER names, as the person of SIGNALBOX_TOKEN. */
export async function onServer(flags: Flags, argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
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
  return runRemotely({ url, token: token.reveal() }, withoutServer(argv), terminal);
}
