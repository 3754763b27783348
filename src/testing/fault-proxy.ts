import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * What happens to one request on its way. `refused`: the connection breaks before it reaches the server. `answer-lost`: the server does it, and the
 * connection breaks before the answer. `mid-body`: after half of the answer's body. `500`, `429`, `503`: answered so, and not done. `500-after`:
 * done, and answered so.
 */
export type Fault = 'refused' | 'answer-lost' | 'mid-body' | '500' | '500-after' | '503' | '429';

export const FAULTS: readonly Fault[] = ['refused', 'answer-lost', 'mid-body', '500', '500-after', '503', '429'];

/** One request as it went through. */
export interface Passed {
  readonly method: string;
  readonly path: string;
  /** Bytes of bodies, towards the server and back. */
  readonly sent: number;
  readonly received: number;
}

/** A way to a server on which chosen requests come to harm; counts all of them. */
export interface FaultProxy {
  readonly url: string;
  readonly passed: readonly Passed[];
  /** Starts counting anew; `harm` says what happens to the n-th request, from 1. */
  begin(harm?: (count: number) => Fault | null): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function bodyOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends it on as it came, with the name of the server that the signature is about. */
function forward(target: URL, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', url = '/', rawHeaders } = incoming;
    const outgoing = ask(
      { host: target.hostname, port: target.port, method, path: url, headers: rawHeaders, setHost: false },
      (answer) => {
        bodyOf(answer).then(
          (bytes) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: bytes }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const CODES = { '500': 'InternalError', '500-after': 'InternalError', '503': 'SlowDown', '429': 'SlowDown' } as const;

function refuse(response: ServerResponse, fault: keyof typeof CODES): void {
  const body = `<?xml version="1.0"?><Error><Code>${CODES[fault]}</Code><Message>as planned</Message></Error>`;
  const wait = fault === '503' || fault === '429' ? { 'retry-after': '1' } : {};
  response.writeHead(Number.parseInt(fault, 10), { 'content-type': 'application/xml', ...wait }).end(body);
}

function unharmed(_count: number): Fault | null {
  return null;
}

/** Starts a proxy on the loopback before the server. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  let passed: Passed[] = [];
  let count = 0;
  let harm = unharmed;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = harm((count += 1));
    const body = await bodyOf(incoming);
    const { method = '', url: path = '' } = incoming;
    if (fault === 'refused') {
      passed.push({ method, path, sent: 0, received: 0 });
      response.destroy();
      return;
    }
    if (fault === '500' || fault === '503' || fault === '429') {
      passed.push({ method, path, sent: 0, received: 0 });
      refuse(response, fault);
      return;
    }
    const answer = await forward(new URL(target), incoming, body);
    passed.push({ method, path, sent: body.length, received: answer.body.length });
    if (fault === 'answer-lost') response.destroy();
    else if (fault === '500-after') refuse(response, fault);
    else {
      response.writeHead(answer.status, answer.headers);
      if (fault === null) response.end(answer.body);
      else response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy());
    }
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    get passed() {
      return passed;
    },
    begin: (next = unharmed) => {
      [passed, count, harm] = [[], 0, next];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
