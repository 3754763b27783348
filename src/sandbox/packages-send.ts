import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** An answer of the index; a long body is given as a stream. */
export interface IndexAnswer {
  readonly status: number;
  /** Stands beside the status: the legacy API says there why it refuses. */
  readonly reason?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | { readonly size: number; readonly open: () => Readable };
}

/**
 * What happens to a request or its answer. `refused`: the connection breaks before anything is read. `reset-mid-body`: it breaks in the middle of what is sent,
 * the request's body if it has one, the answer's otherwise. A status: answered so, and nothing done. `status-after`: done, and answered so. `lost`: done,
 * and the connection breaks before the answer. `slow`: done, the answer comes in small pieces. `truncated`: done, the answer ends before its end. `twice`:
 * done, the answer comes twice. `stalled`: done, no answer comes.
 */
export type IndexFault =
  | 'refused'
  | 'reset-mid-body'
  | 'lost'
  | 'slow'
  | 'truncated'
  | 'twice'
  | 'stalled'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly statusAfter: number };

export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Sends an answer, with what goes wrong on its way. Answers the status that was sent; 0 for none. */
export async function sendAnswer(
  answer: IndexAnswer,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  fault: IndexFault | null,
): Promise<number> {
  if (fault === 'lost' || fault === 'stalled') {
    if (fault === 'lost') reset(response);
    return 0;
  }
  if (fault !== null && typeof fault === 'object') {
    const status = 'status' in fault ? fault.status : fault.statusAfter;
    return sendAnswer(
      plainAnswer(status, 'as planned', 'headers' in fault ? fault.headers : {}),
      { request, response },
      null,
    );
  }
  const size = Buffer.isBuffer(answer.body) ? answer.body.length : answer.body.size;
  const headers = { ...answer.headers, 'content-length': String(size) };
  response.writeHead(answer.status, answer.reason === undefined ? undefined : oneLine(answer.reason), headers);
  if (request.method === 'HEAD') {
    response.end();
    return answer.status;
  }
  if (fault === null && !Buffer.isBuffer(answer.body)) {
    await pipeline(answer.body.open(), response);
    return answer.status;
  }
  const bytes = Buffer.isBuffer(answer.body) ? answer.body : Buffer.concat(await chunksOf(answer.body.open()));
  await sendBytes(bytes, answer, response, fault);
  return answer.status;
}

// oxlint-disable-next-line max-params -- what, of which answer, where to, and what goes wrong
async function sendBytes(
  bytes: Buffer,
  answer: IndexAnswer,
  response: ServerResponse,
  fault: Exclude<IndexFault, object | 'lost' | 'stalled'> | null,
): Promise<void> {
  const half = Math.floor(bytes.length / 2);
  switch (fault) {
    case 'slow':
      for (let at = 0; at < bytes.length; at += 64) await written(response, bytes.subarray(at, at + 64));
      response.end();
      return;
    case 'truncated':
      await written(response, bytes.subarray(0, half));
      response.socket?.end();
      return;
    case 'reset-mid-body':
      await written(response, bytes.subarray(0, half));
      reset(response);
      return;
    case 'twice': {
      const { socket } = response;
      response.end(bytes);
      const head = `HTTP/1.1 ${answer.status} ${oneLine(answer.reason ?? 'OK')}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
      socket?.write(Buffer.concat([Buffer.from(head), bytes]));
      return;
    }
    case 'refused':
    case null:
      response.end(bytes);
  }
}

/** What may stand in the line of a status. */
function oneLine(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, '?');
}

function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
}

async function chunksOf(stream: Readable): Promise<readonly Buffer[]> {
  const chunks: unknown[] = await stream.toArray();
  return chunks.filter((chunk) => Buffer.isBuffer(chunk));
}

export function plainAnswer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): IndexAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: Buffer.from(text) };
}

/** As the legacy API refuses: in the line of the status, and on a page. */
export function refusalAnswer(status: number, message: string): IndexAnswer {
  const safe = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const body = `<html>\n <head>\n  <title>${status} ${safe}</title>\n </head>\n <body>\n  <h1>${status} ${safe}</h1>\n  ${safe}\n </body>\n</html>\n`;
  return { status, reason: message, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: Buffer.from(body) };
}
