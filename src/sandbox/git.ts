import { devNull } from 'node:os';
import { runProgram } from '../programs/index.ts';

/** Git ended with another exit code than allowed. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
  readonly args: readonly string[];
  readonly code: number | null;
  readonly stderr: string;
  constructor(args: readonly string[], code: number | null, stderr: string) {
    super(`git ${args.join(' ')} ended with ${code ?? 'a signal'}: ${stderr.trim()}`);
    this.args = args;
    this.code = code;
    this.stderr = stderr;
  }
}

export interface GitRun {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers, not failures; 0 always is. */
  readonly allow?: readonly number[];
}

/**
 * The environment of every git process of the sandbox: nothing of the machine's or the user's configuration, no
 * prompts, one language, and no refusal over who owns the folder (a copied world may belong to another user).
 */
export function gitEnvironment(config: Readonly<Record<string, string>> = {}): Record<string, string> {
  const entries = Object.entries({ 'safe.directory': '*', 'gc.auto': '0', ...config });
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: String(entries.length),
  };
  entries.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

/** Runs git; throws GitFailure on an exit code that is not allowed. */
export async function runGit(
  gitDir: string | null,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitRun> {
  const { input, env = {}, allow = [] } = options;
  const full = gitDir === null ? args : [`--git-dir=${gitDir}`, ...args];
  const end = await runProgram({
    program: 'git',
    args: full,
    environment: { ...gitEnvironment(), ...env },
    ...(input === undefined ? {} : { input }),
  });
  const { code, stdout, stderr } = end;
  if (code === null || (code !== 0 && !allow.includes(code))) throw new GitFailure(args, code, stderr);
  return { code, stdout, stderr };
}

/** What git printed, without the last newline. */
export async function gitText(gitDir: string | null, args: readonly string[], options?: GitOptions): Promise<string> {
  return (await runGit(gitDir, args, options)).stdout.toString('utf8').replace(/\n$/u, '');
}

export interface RefLine {
  readonly ref: string;
  readonly sha: string;
  readonly type: string;
  /** The commit behind an annotated tag; the object itself otherwise. */
  readonly commit: string;
}

/** The refs under a prefix (a whole path component, or everything), by name. */
export async function listRefs(gitDir: string, ...prefixes: readonly string[]): Promise<readonly RefLine[]> {
  const format = '%(refname)%09%(objectname)%09%(objecttype)%09%(*objectname)';
  const text = await gitText(gitDir, ['for-each-ref', `--format=${format}`, ...prefixes]);
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const [ref = '', sha = '', type = '', peeled = ''] = line.split('\t');
    return { ref, sha, type, commit: peeled === '' ? sha : peeled };
  });
}

/** The ref of exactly this full name. */
export async function readRef(gitDir: string, ref: string): Promise<RefLine | undefined> {
  if (!(await isRefName(gitDir, ref))) return undefined;
  return (await listRefs(gitDir, ref)).find((line) => line.ref === ref);
}

/** Names that nothing can be wrong with, which are nearly all: git is not asked, since a process costs more than all else that is done with them. */
const PLAIN_REF = /^refs(?:\/[A-Za-z0-9_](?:[\w+-]|\.(?![./]|lock(?:\/|$)|$))*)+$/u;

/** Whether git takes this as a full ref name; hostile names never reach another git command. */
export async function isRefName(gitDir: string, ref: string): Promise<boolean> {
  if (PLAIN_REF.test(ref)) return true;
  if (!ref.startsWith('refs/') || ref.includes('\0')) return false;
  return (await runGit(gitDir, ['check-ref-format', ref], { allow: [1] })).code === 0;
}

/** The commit that a sha, a branch, a tag or a `heads/…`, `tags/…` path names. */
export async function resolveCommit(gitDir: string, name: string): Promise<string | undefined> {
  if (/^[0-9a-f]{7,40}$/u.test(name)) {
    const run = await runGit(gitDir, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], { allow: [1, 128] });
    if (run.code === 0) return run.stdout.toString('utf8').trim();
  }
  const candidates = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  for (const candidate of candidates) {
    const found = await readRef(gitDir, candidate);
    if (found !== undefined) return found.commit;
  }
  return undefined;
}

/** The type of an object, or undefined when the repository lacks it. */
export async function objectType(gitDir: string, sha: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{40}$/u.test(sha)) return undefined;
  const run = await runGit(gitDir, ['cat-file', '-t', sha], { allow: [1, 128] });
  return run.code === 0 ? run.stdout.toString('utf8').trim() : undefined;
}

export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  const run = await runGit(gitDir, ['merge-base', '--is-ancestor', ancestor, descendant], { allow: [1] });
  return run.code === 0;
}

/** Moves a ref only if it still is where it was (`null`: does not exist); false when somebody was faster. */
export async function moveRef(gitDir: string, ref: string, to: string | null, from: string | null): Promise<boolean> {
  const zero = '0'.repeat(40);
  const args = to === null ? ['update-ref', '-d', ref, from ?? ''] : ['update-ref', ref, to, from ?? zero];
  const run = await runGit(gitDir, args, { allow: [1, 128] });
  return run.code === 0;
}
