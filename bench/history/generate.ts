import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { makeMain } from './main-branch.ts';
import { seeded } from './random.ts';
import { makeRelease } from './release-branch.ts';
import type { Shape } from './shape.ts';

/** What each commit of the release branch is: the commits of main it carries; of a group any one is right. */
export interface Truth {
  readonly commits: readonly {
    readonly id: string;
    readonly kind: string;
    readonly mains: readonly (readonly string[])[];
  }[];
  readonly main: string;
  readonly line: string;
  /** Numbers of pull requests of main that are asked for. */
  readonly pulls: readonly number[];
}

export const BENCH_ENV: Record<string, string> = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  LC_ALL: 'C',
  TZ: 'UTC',
};

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code));
  });
}

/** Runs git fast-import on what `produce` writes; answers with the ids by mark. */
async function fastImport(
  dir: string,
  name: string,
  produce: (write: (text: string) => Promise<void>) => Promise<void>,
): Promise<ReadonlyMap<number, string>> {
  const marks = join(dir, `${name}.marks`);
  const child = spawn('git', ['-C', dir, 'fast-import', '--quiet', '--force', `--export-marks=${marks}`], {
    env: BENCH_ENV,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = endOf(child);
  await produce(async (text) => {
    if (!child.stdin.write(text)) await once(child.stdin, 'drain');
  });
  child.stdin.end();
  const code = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
  const lines = (await readFile(marks, 'utf8')).trim().split('\n');
  return new Map(lines.map((line) => [Number(line.slice(1, line.indexOf(' '))), line.slice(line.indexOf(' ') + 1)]));
}

async function git(dir: string, args: readonly string[]): Promise<void> {
  const child = spawn('git', args, { cwd: dir, env: BENCH_ENV, stdio: 'ignore' });
  const code = await endOf(child);
  if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${code}`);
}

/** How large the repository is, and how it is. */
export interface Size {
  readonly total: number;
  readonly after: number;
  readonly picks: number;
  readonly seed: number;
  readonly shape: Shape;
}

/** Makes the repository: main of `total` commits, cut `after` before its end, a release branch of `picks`. The same seed, the same ids. */
export async function generate(dir: string, size: Size): Promise<Truth> {
  await mkdir(dir, { recursive: true });
  await git(dir, ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', '.']);
  const random = seeded(size.seed);
  const made: { main?: Awaited<ReturnType<typeof makeMain>>; truth?: Awaited<ReturnType<typeof makeRelease>> } = {};
  const ids = await fastImport(dir, 'main', async (write) => {
    made.main = await makeMain(random, write, size);
  });
  const { main } = made;
  if (main === undefined) throw new Error('main was not made');
  const own = await fastImport(dir, 'release', async (write) => {
    made.truth = await makeRelease(random, { main, shas: ids, size: size.picks, shape: size.shape, write });
  });
  // As a forge's repository is: packed, so that both sides read the same good packs.
  await git(dir, ['repack', '-a', '-d', '-q']);
  const all = new Map([...ids, ...own]);
  const idOf = (mark: number): string => all.get(mark) ?? '';
  const commits = (made.truth ?? []).map(({ mark, kind, mains }) => ({
    id: idOf(mark),
    kind,
    mains: mains.map((group) => group.map(idOf)),
  }));
  const pulls = main.changes.slice(0, 200).map(({ pull }) => pull);
  const truth = { commits, main: idOf(size.total), line: commits.at(-1)?.id ?? '', pulls };
  await writeFile(join(dir, 'truth.json'), JSON.stringify(truth));
  return truth;
}
