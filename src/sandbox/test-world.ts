import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { gitEnvironment } from './git.ts';
import { makeWorldFrom, type Person, type Sandbox, type SandboxOptions, startSandbox } from './index.ts';

const folders: string[] = [];
const running = new Set<Sandbox>();

/** A folder that `cleanUp` removes. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-world-'));
  folders.push(folder);
  return folder;
}

export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((sandbox) => sandbox.stop()));
  running.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Runs git as a user would, with an identity; answers its output. */
export function git(folder: string, ...args: readonly string[]): string {
  const identity = { 'user.name': 'Tess Ter', 'user.email': 'tess@example.test', 'init.defaultBranch': 'main' };
  return execFileSync('git', args, { cwd: folder, env: gitEnvironment(identity), stdio: ['ignore', 'pipe', 'pipe'] })
    .toString('utf8')
    .trimEnd();
}

export function commitFile(folder: string, path: string, content: string, message: string): string {
  writeFileSync(join(folder, path), content);
  git(folder, 'add', '--', path);
  git(folder, 'commit', '--quiet', '-m', message);
  return git(folder, 'rev-parse', 'HEAD');
}

const lines = Array.from({ length: 20 }, (_unused, index) => `line ${index}`);

/** The text of `lines.txt` with some lines replaced, far enough apart to merge cleanly. */
export function linesWith(changes: Readonly<Record<number, string>>): string {
  return `${lines.map((line, index) => changes[index] ?? line).join('\n')}\n`;
}

/** A work tree with two commits on main. */
export function makeSource(): string {
  const folder = freshFolder();
  git(folder, 'init', '--quiet');
  commitFile(folder, 'README.md', '# widget\n', 'Start');
  commitFile(folder, 'lines.txt', linesWith({}), 'Add lines');
  return folder;
}

const folk: readonly Person[] = [
  { login: 'alma', name: 'Alma', roles: { '*': 'admin' } },
  { login: 'wim', name: 'Wim', roles: { '*': 'write' } },
  { login: 'rita', name: 'Rita', roles: {} },
  { login: 'ci-bot', name: 'CI', type: 'Bot', roles: { '*': 'write' } },
];

/** A started world with the repository `acme/widget`; `dir` can be started again. */
export async function startSmallWorld(options: Omit<SandboxOptions, 'dir'> = {}) {
  const dir = join(freshFolder(), 'world');
  await makeWorldFrom({
    dir,
    sources: [{ source: makeSource(), owner: 'acme', name: 'widget', buildsOnTag: ['linux', 'mac'] }],
    users: folk,
    now: '2025-06-16T10:00:00Z',
  });
  return { dir, sandbox: await startAgain(dir, options) };
}

/** Starts a world that exists, with a clock that stands still. */
export async function startAgain(dir: string, options: Omit<SandboxOptions, 'dir'> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ now: () => '2025-06-16T12:00:00.000Z', ...options, dir });
  running.add(sandbox);
  return sandbox;
}

export async function stop(sandbox: Sandbox): Promise<void> {
  running.delete(sandbox);
  await sandbox.stop();
}

/** The address of `acme/widget` with a user's token in it, as a push needs it. */
function pushUrl(sandbox: Sandbox, login: string): string {
  const url = new URL(sandbox.gitUrl('acme', 'widget'));
  url.username = login;
  url.password = sandbox.tokens[login] ?? '';
  return url.href;
}

/** Clones `acme/widget` as this user; `origin` then pushes as them. */
export async function cloneAs(sandbox: Sandbox, login: string): Promise<string> {
  const folder = freshFolder();
  await gitAsync(folder, 'clone', '--quiet', pushUrl(sandbox, login), 'widget');
  return join(folder, 'widget');
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One REST request as a user, or as nobody; `path` below the API's root. */
export async function call(
  sandbox: Pick<Sandbox, 'apiUrl' | 'tokens'>,
  login: string | null,
  request: { method?: string; path: string; body?: unknown; raw?: string | Buffer; headers?: Record<string, string> },
): Promise<Called> {
  const { method = 'GET', path, body, raw, headers = {} } = request;
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${sandbox.apiUrl}${path}`, {
    method,
    headers: {
      ...(login === null ? {} : { authorization: `Bearer ${sandbox.tokens[login] ?? ''}` }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const value: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: value };
}

/** Runs git while this process answers it: the sandbox lives here, so git must not block it. */
export async function gitAsync(folder: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await gitRun(folder, ...args);
  if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout.trimEnd();
}

/** Runs git to its end, however that is. */
export async function gitRun(folder: string, ...args: readonly string[]) {
  const child = spawn('git', args, { cwd: folder, env: gitEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...text };
}
