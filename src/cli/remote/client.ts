import { COMMANDS_PATH, CommandEvent, SHOWN_BY, type CommandRequest, type CommandWord } from '../../api/command.ts';
import { exitCode, isExitCode, type ExitCode } from '../exit-codes.ts';
import { CommandStop } from '../problem.ts';
import type { Terminal } from '../session.ts';

/** The server that commands are run on, and by what it knows who asks. */
export interface RemoteServer {
  readonly url: URL;
  readonly token: string;
}

/** A proxy that finds no server behind it. */
const GATEWAY: ReadonlySet<number> = new Set([502, 503, 504]);

function requestOf(argv: readonly string[], terminal: Terminal): CommandRequest {
  const { stdout, stderr, env } = terminal;
  const shown = SHOWN_BY.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    argv: [...argv],
    terminal: {
      columns: stdout.columns ?? stderr.columns ?? null,
      rows: stdout.rows ?? null,
      stdoutIsTty: stdout.isTty,
      stderrIsTty: stderr.isTty,
      stdinIsTty: terminal.stdinIsTty,
      env: Object.fromEntries(shown),
    },
  };
}

/** The server did not take the command: nothing was begun. */
export class ServerDown extends CommandStop {}

function unreachable(server: RemoteServer, error: unknown, Kind: typeof CommandStop = CommandStop): CommandStop {
  const why =
    error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  return new Kind('failed', `the server at ${server.url.host} cannot be reached: ${why}`, {
    next: ['is it running? is --server right? what was begun there goes on to the end of its step'],
    cause: error,
  });
}

async function post(server: RemoteServer, path: string, body: CommandRequest | CommandWord): Promise<Response> {
  const isFirst = path === COMMANDS_PATH;
  try {
    return await fetch(new URL(path, server.url), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.token}`,
        'content-type': 'application/json',
        accept: 'application/x-ndjson',
      },
      body: JSON.stringify(body),
      // A token goes to this server and to no other.
      redirect: 'error',
    });
  } catch (error) {
    throw unreachable(server, error, isFirst ? ServerDown : CommandStop);
  }
}

async function refused(server: RemoteServer, response: Response): Promise<CommandStop> {
  const text = (await response.text()).slice(0, 2_000);
  let told = `the server at ${server.url.host} answered ${response.status}`;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'text' in body && typeof body.text === 'string') told = body.text;
  } catch {
    // What stands before the server may answer in words of its own.
  }
  if (GATEWAY.has(response.status)) return new ServerDown('failed', told);
  return new CommandStop(response.status === 401 || response.status === 403 ? 'not-allowed' : 'failed', told);
}

async function* eventsOf(server: RemoteServer, response: Response): AsyncGenerator<CommandEvent> {
  if (response.body === null) throw unreachable(server, new Error('it sent nothing'));
  const decoder = new TextDecoder();
  let rest = '';
  const body: AsyncIterable<Uint8Array> = response.body;
  try {
    for await (const bytes of body) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield CommandEvent.parse(JSON.parse(text));
    }
  } catch (error) {
    throw unreachable(server, error);
  }
}

/** Runs a command line on a server: the same answer as here, on this terminal, as the person of the token. Throws `CommandStop`; `ServerDown` where nothing was begun. */
export async function runRemotely(
  server: RemoteServer,
  argv: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const response = await post(server, COMMANDS_PATH, requestOf(argv, terminal));
  if (!response.ok) throw await refused(server, response);
  let id: string | null = null;
  let interruptions = 0;
  const say = async (word: CommandWord): Promise<void> => {
    if (id === null) return;
    const answer = await post(server, `${COMMANDS_PATH}/${id}`, word);
    // Done meanwhile: there is nobody to say it to.
    if (!answer.ok && answer.status !== 404) throw await refused(server, answer);
  };
  const interrupt = (): void => {
    say({ kind: 'interrupt' }).catch(() => terminal.exit(exitCode('interrupted')));
  };
  const started = (as: string): void => {
    id = as;
    // Pressed before there was anything to interrupt.
    if (interruptions > 0) interrupt();
  };
  const release = terminal.onInterrupt(() => {
    interruptions += 1;
    if (interruptions > 1) terminal.exit(exitCode('interrupted'));
    else interrupt();
  });
  try {
    for await (const event of eventsOf(server, response)) {
      switch (event.kind) {
        case 'started':
          started(event.id);
          break;
        case 'out':
          terminal.stdout.write(event.text);
          break;
        case 'err':
          terminal.stderr.write(event.text);
          break;
        case 'ask':
          await say({ kind: 'answer', text: await terminal.ask(event.question) });
          break;
        case 'exit':
          return isExitCode(event.code) ? event.code : exitCode('failed');
        case 'beat':
          break;
      }
    }
  } finally {
    release();
  }
  throw unreachable(server, new Error('the connection ended before the command did'));
}
