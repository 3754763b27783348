import { serve, type ServerType } from '@hono/node-server';
import { serverLimits } from './limits.ts';

/** The server cannot start, and what to do about it. */
export class IntakeError extends Error {
  readonly code: 'no-secret' | 'weak-secret' | 'port';
  constructor(code: IntakeError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IntakeError';
    this.code = code;
  }
}

export interface Listening {
  readonly port: number;
  /** Takes no more connections, and waits for the requests under way. */
  close(): Promise<void>;
}

function closed(server: ServerType): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}

export interface ListenOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

/** The address of a host and port, as a browser takes it. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Listens; throws `IntakeError` when the port cannot be had. */
export function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port }: ListenOptions,
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    // Nobody may be long in sending a request; an answer may take its time.
    const server = serve({ fetch, hostname: host, port, serverOptions: serverLimits() }, (info) => {
      resolve({ port: info.port, close: () => closed(server) });
    });
    server.once('error', (error: Error) => {
      const next = 'Choose another port, or stop what uses it.';
      reject(new IntakeError('port', `Cannot listen on ${host}:${port} (${error.message}). ${next}`, { cause: error }));
    });
  });
}
