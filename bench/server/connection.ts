import { connect, type Socket } from 'node:net';

/** What came back on a connection. */
export interface Answered {
  readonly status: number;
  /** Of the body as it went over the wire, framing of chunks included. */
  readonly bytes: number;
  readonly head: string;
  readonly body: Buffer;
}

interface Asking {
  readonly resolve: (answer: Answered) => void;
  readonly reject: (error: Error) => void;
}

/** The head of an answer; `length` of its body is null where it comes in chunks, which begin at `at`. */
interface Head {
  readonly text: string;
  readonly length: number | null;
  readonly at: number;
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** One kept connection that asks one thing at a time. So lean that two cores hold both sides: Node's own client takes as long as the servers do. */
export class Connection {
  readonly #socket: Socket;
  #pieces: Buffer[] = [];
  #size = 0;
  #head: Head | null = null;
  #asking: Asking | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (piece) => this.#take(Buffer.from(piece)));
    socket.on('error', (error) => this.#asking?.reject(error));
    socket.on('close', () => this.#asking?.reject(new Error('the server closed the connection')));
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject).once('connect', () => resolve(new Connection(socket)));
    });
  }

  ask(...request: readonly (string | Buffer)[]): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject };
      this.#socket.cork();
      for (const piece of request) this.#socket.write(piece);
      this.#socket.uncork();
    });
  }

  close(): void {
    this.#asking = null;
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    this.#head ??= this.#readHead();
    const head = this.#head;
    if (head === null || !this.#isWhole(head, piece)) return;
    const all = Buffer.concat(this.#pieces);
    const body = all.subarray(head.at);
    const asking = this.#asking;
    [this.#pieces, this.#size, this.#head, this.#asking] = [[], 0, null, null];
    asking?.resolve({ status: Number(head.text.slice(9, 12)), bytes: body.length, head: head.text, body });
  }

  #readHead(): Head | null {
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [all];
    const end = all.indexOf(HEAD_END);
    if (end < 0) return null;
    const text = all.toString('latin1', 0, end);
    const length = /^content-length: (\d+)/imu.exec(text)?.[1];
    return { text, length: length === undefined ? null : Number(length), at: end + HEAD_END.length };
  }

  #isWhole({ length, at }: Head, last: Buffer): boolean {
    if (length !== null) return this.#size >= at + length;
    // Nothing else is under way on this connection: what ends with the last chunk is at its end.
    const end = last.length >= LAST_CHUNK.length ? last : Buffer.concat(this.#pieces);
    return end.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
  }
}

/** Opens as many as wanted, gives them to the work, and closes them. */
export async function withConnections<Value>(
  url: string,
  count: number,
  work: (connections: readonly Connection[]) => Promise<Value>,
): Promise<Value> {
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(url)));
  try {
    return await work(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}
