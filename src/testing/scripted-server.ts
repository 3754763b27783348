import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

/** One request as it came in. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server does with one request: answers through the response, or breaks the connection. */
export type Scene = (response: ServerResponse, request: SeenRequest) => void;

/** An HTTP server on 127.0.0.1 that plays scenes in order, one for each request. */
export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Sets the scenes to come; the last one stays when `forever` is set. */
  play(scenes: readonly Scene[], forever?: boolean): void;
  /** Scenes that no request has come for. A request without a scene is answered with 599. */
  left(): number;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const stream: AsyncIterable<Buffer> = request;
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export async function scriptedServer(): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  let scenes: readonly Scene[] = [];
  let stays = false;
  const server = createServer((request, response) => {
    const play = async (): Promise<void> => {
      const body = await bodyOf(request);
      const facts = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      seen.push(facts);
      const [scene, ...rest] = scenes;
      if (!stays || rest.length > 0) scenes = rest;
      if (scene === undefined) response.writeHead(599).end();
      else scene(response, facts);
    };
    void play();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    play: (next, forever = false) => {
      scenes = next;
      stays = forever;
      seen.length = 0;
    },
    left: () => (stays ? 0 : scenes.length),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Scene {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Answers with a text as it is. */
export function text(status: number, body: string, type: string): Scene {
  return (response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };
}
