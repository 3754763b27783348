import { randomUUID } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { stream } from 'hono/streaming';
import { COMMANDS_PATH, CommandRequest, CommandWord, type CommandEvent } from '../api/command.ts';
import { appAs } from '../app/app-as.ts';
import type { App } from '../app/app.ts';
import type { Log } from './duties.ts';
import type { Guard, Identity } from './guard.ts';

/** What a command that runs here reaches its caller by. */
export interface CallerOutside {
  readonly terminal: CommandRequest['terminal'];
  send(event: CommandEvent): void;
  /** What the caller answers to a question; null when there is nobody to answer any more. */
  answer(): Promise<string | null>;
  /** Calls at each interruption until the returned function is called. */
  onInterrupt(handler: () => void): () => void;
}

/** Runs one command line as somebody, and gives its exit code. Made by the command line, which the server does not know. */
export type RunCommand = (argv: readonly string[], app: App, caller: CallerOutside) => Promise<number>;

export interface CommandRoute {
  readonly app: App;
  readonly guard: Guard;
  readonly run: RunCommand;
  readonly log: Log;
}

/** Of one person at the same time. */
const AT_ONCE = 8;
const BEAT_MILLIS = 5_000;

interface Running {
  readonly login: string;
  tell(text: string | null): void;
  interrupt(): void;
  leave(): void;
}

class Caller implements CallerOutside, Running {
  readonly login: string;
  readonly terminal: CommandRequest['terminal'];
  readonly send: (event: CommandEvent) => void;
  readonly #answers: (string | null)[] = [];
  readonly #waiting: ((text: string | null) => void)[] = [];
  readonly #handlers = new Set<() => void>();
  #gone = false;
  /** Interrupted before the command had said what it does then. */
  #pending = false;

  constructor(login: string, terminal: CommandRequest['terminal'], send: (event: CommandEvent) => void) {
    this.login = login;
    this.terminal = terminal;
    this.send = send;
  }

  tell(text: string | null): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#answers.push(text);
    else waiting(text);
  }

  answer(): Promise<string | null> {
    const [given] = this.#answers.splice(0, 1);
    if (given !== undefined) return Promise.resolve(given);
    if (this.#gone) return Promise.resolve(null);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  onInterrupt(handler: () => void): () => void {
    this.#handlers.add(handler);
    if (this.#pending) handler();
    this.#pending = false;
    return () => void this.#handlers.delete(handler);
  }

  interrupt(): void {
    if (this.#handlers.size === 0) this.#pending = true;
    for (const handler of this.#handlers) handler();
  }

  /** Nobody reads any more: questions have no answer, and what runs ends after its current step. */
  leave(): void {
    this.#gone = true;
    for (const waiting of this.#waiting.splice(0)) waiting(null);
    this.interrupt();
  }
}

async function bodyOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}

interface Asked {
  readonly route: CommandRoute;
  readonly identity: Identity;
  readonly request: CommandRequest;
}

/** Runs one command and streams what it sends; `known` has it for as long as it runs. */
function running(context: Context, { route, identity, request }: Asked, known: Map<string, Running>): Response {
  const { app, run, log } = route;
  const { argv, terminal } = request;
  const id = randomUUID();
  context.header('content-type', 'application/x-ndjson');
  context.header('cache-control', 'no-store');
  context.header('x-accel-buffering', 'no');
  return stream(context, async (output) => {
    let last: Promise<unknown> = Promise.resolve();
    const send = (event: CommandEvent): void => {
      last = last.then(() => output.write(`${JSON.stringify(event)}\n`)).catch(() => undefined);
    };
    const asked = new Caller(identity.login, terminal, send);
    output.onAbort(() => asked.leave());
    known.set(id, asked);
    const beats = setInterval(() => send({ kind: 'beat' }), BEAT_MILLIS);
    send({ kind: 'started', id });
    try {
      const code = await run(argv, await appAs(app, identity.login, identity.scope), asked);
      const words = argv.filter((word) => /^[a-z][a-z-]{1,20}$/u.test(word)).slice(0, 2);
      log('command', { command: id, who: identity.login, words, code });
      send({ kind: 'exit', code });
    } finally {
      clearInterval(beats);
      known.delete(id);
    }
    await last;
  });
}

export interface CommandRoutes {
  readonly routes: Hono;
  /** The server stops: what runs ends after its current step, and says so to its caller. */
  leave(): void;
}

/** Runs commands of the command line for callers elsewhere: the same commands, as the person of the token, with the server's train. */
export function commandRoutes(route: CommandRoute): CommandRoutes {
  const { guard } = route;
  const known = new Map<string, Running>();
  const routes = new Hono();
  const caller = async (context: Context): Promise<Identity | Response> => {
    const identity = await guard.identify(context.req.raw);
    if (identity === null)
      return context.json(
        { code: 'not-signed-in', text: 'The server knows nobody by this token. Make one: signalbox token create' },
        401,
      );
    if (identity.how !== 'token')
      return context.json({ code: 'token-needed', text: 'Commands take a token: Authorization: Bearer.' }, 403);
    return identity;
  };
  routes.post(COMMANDS_PATH, async (context) => {
    const identity = await caller(context);
    if (identity instanceof Response) return identity;
    const request = CommandRequest.safeParse(await bodyOf(context));
    if (!request.success)
      return context.json({ code: 'bad-input', text: 'This is no command request of this version of Signalbox.' }, 400);
    const own = [...known.values()].filter(({ login }) => login === identity.login).length;
    if (own >= AT_ONCE)
      return context.json({ code: 'too-many', text: `${AT_ONCE} of your commands are running already.` }, 503, {
        'retry-after': '10',
      });
    return running(context, { route, identity, request: request.data }, known);
  });
  routes.post(`${COMMANDS_PATH}/:id`, async (context) => {
    const identity = await caller(context);
    if (identity instanceof Response) return identity;
    const word = CommandWord.safeParse(await bodyOf(context));
    if (!word.success) return context.json({ code: 'bad-input', text: 'This is no word to a command.' }, 400);
    const found = known.get(context.req.param('id'));
    // Somebody else's command is none, and so is one of another process: its caller is told, and asks there.
    if (found === undefined || found.login !== identity.login)
      return context.json({ code: 'no-such-command', text: 'No such command runs here.' }, 404);
    if (word.data.kind === 'answer') found.tell(word.data.text);
    else found.interrupt();
    return context.json({ ok: true });
  });
  return {
    routes,
    leave: () => {
      for (const each of known.values()) each.leave();
    },
  };
}
