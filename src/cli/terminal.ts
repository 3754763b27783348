import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { Instant } from '../domain/instant.ts';
import type { Sink, Terminal } from './session.ts';

/** The process's own streams, environment and clock. */
export function processTerminal(): Terminal {
  return {
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    stdinIsTty: process.stdin.isTTY,
    env: process.env,
    cwd: process.cwd(),
    now: () => Instant.parse(new Date().toISOString()),
    ask,
    readInput,
    onInterrupt(handler) {
      process.on('SIGINT', handler);
      return () => process.off('SIGINT', handler);
    },
    exit: (code) => process.exit(code),
    page,
  };
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  return {
    write: (text) => void stream.write(text),
    get isTty() {
      return stream.isTTY;
    },
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    get rows() {
      // A terminal that was never told its size says 0.
      return stream.isTTY && stream.rows > 0 ? stream.rows : undefined;
    },
  };
}

async function ask(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<null>((resolve) => {
    lines.once('close', () => resolve(null));
    // Ctrl-C at a question: readline swallows the signal, so it is raised again for the process.
    lines.once('SIGINT', () => {
      lines.close();
      process.kill(process.pid, 'SIGINT');
    });
  });
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}

async function readInput(limit: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const input: AsyncIterable<unknown> = process.stdin;
  for await (const piece of input) {
    const bytes = piece instanceof Uint8Array ? piece : Buffer.from(String(piece));
    size += bytes.length;
    if (size > limit) throw new RangeError(`stdin holds more than ${limit} bytes`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Through less where it is there; a missing pager prints the text as it is. */
function page(text: string): Promise<void> {
  return new Promise((resolve) => {
    const less = spawn('less', ['-FIRX'], { stdio: ['pipe', 'inherit', 'inherit'] });
    less.on('error', () => {
      process.stdout.write(text);
      resolve();
    });
    less.on('close', () => resolve());
    // A reader who quits early closes the pipe.
    less.stdin.on('error', () => undefined);
    less.stdin.end(text);
  });
}
