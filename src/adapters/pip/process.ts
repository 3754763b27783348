import { spawn } from 'node:child_process';
import { signalGroup } from '../../programs/index.ts';
import { PipFailure } from './failure.ts';

/** One run of Python. */
export interface PythonCall {
  readonly program: string;
  readonly args: readonly string[];
  /** Its home, its working folder and where its temporary files go. */
  readonly folder: string;
  /** Milliseconds until it is ended. */
  readonly millis: number;
}

export interface PythonEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MOST_OUTPUT = 1024 * 1024;
const GRACE_MILLIS = 2000;

/** How a machine reaches the network is no setting of pip's. */
const PASSED_ON = /^(?:https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE)$/i;

/** Runs Python to its end with nothing of this machine's settings; with a process group of its own, which a time limit ends as a whole. */
export function runPython({ program, args, folder, millis }: PythonCall): Promise<PythonEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: environmentIn(folder),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const texts = { stdout: '', stderr: '' };
    let late = false;
    let killer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      late = true;
      signalGroup(child.pid, 'SIGTERM');
      killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MILLIS);
    }, millis);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        if (texts[name].length < MOST_OUTPUT) texts[name] += chunk;
      });
    }
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new PipFailure('pip-missing', `${program} could not be started: ${cause.message}`, { cause }));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      clearTimeout(killer);
      if (late) reject(new PipFailure('timeout', `pip did not end within ${millis / 1000} seconds`));
      else resolve({ code, ...texts });
    });
  });
}

function environmentIn(folder: string): Readonly<Record<string, string>> {
  const passed = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && PASSED_ON.test(name) ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(passed),
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TMPDIR: folder,
    LC_ALL: 'C.UTF-8',
    PIP_CONFIG_FILE: '/dev/null',
  };
}
