import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { isFor, type Front } from './front.ts';
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

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeIdleConnections();
  });
}

export interface ListenOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** What is answered before anything else. */
  readonly front?: Front | null;
}

/** The address of a host and port, as a browser takes it. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Listens; throws `IntakeError` when the port cannot be had. */
export function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port, front = null }: ListenOptions,
): Promise<Listening> {
  const others = getRequestListener(fetch, { hostname: host });
  return new Promise((resolve, reject) => {
    // Nobody may be long in sending a request; an answer may take its time.
    const server = createServer(serverLimits(), (request, response) => {
      if (front !== null && isFor(front, request)) void front.handle(request, response);
      else void others(request, response);
    });
    server.once('error', (error: Error) => {
      const next = 'Choose another port, or stop what uses it.';
      reject(new IntakeError('port', `Cannot listen on ${host}:${port} (${error.message}). ${next}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      const got = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ port: got, close: () => closed(server) });
    });
  });
}
