import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeRepo, refsOf, testGit } from '../../src/testing/git-repos.ts';
import type { MadeCommit } from '../../src/testing/git-repos.ts';
import { serveGit } from '../../src/testing/git-server.ts';

/** One of the repositories to cut. */
export interface BenchRepo {
  readonly name: string;
  readonly dir: string;
  readonly remote: string;
}

export interface BenchWorld {
  readonly root: string;
  readonly repos: readonly BenchRepo[];
  /** Takes away the branches that a cut made. */
  readonly uncut: () => Promise<void>;
  /** Throws unless every repository has both branches at the tip of main. */
  readonly checkCut: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const CUT = ['refs/heads/release/9.9', 'refs/heads/orig/release/9.9'] as const;
const COMMITS = 400;

/** Commits of a repository of a size that people know: workflow files, a version, sources that grow. */
function historyOf(seed: number): readonly MadeCommit[] {
  return Array.from({ length: COMMITS }, (_none, index) => {
    const source = Array.from(
      { length: 60 },
      (_line, line) => `value_${line} = ${(seed * 7919 + index * 104_729 + line * 31) % 99_991}\n`,
    );
    const workflow = {
      [`.github/workflows/job${index % 20}.yml`]: `on: push\njobs:\n  a:\n    uses: org/infra/.github/workflows/b.yml@main # ${index}\n`,
    };
    return {
      message: `Change ${index} (#${index + 1000})`,
      files: { [`src/part${index % 50}.py`]: source.join(''), ...(index < 40 ? workflow : {}) },
    };
  });
}

/** Makes the repositories and serves them over HTTP of this machine, from a process of its own, to both sides alike. */
export async function makeWorld(count: number): Promise<BenchWorld> {
  const root = await mkdtemp(join(tmpdir(), 'signalbox-bench-cut-'));
  const server = fork(join(import.meta.dirname, 'run.ts'), ['--serve', join(root, 'remotes')]);
  const origin = await new Promise<string>((resolve, reject) => {
    server.once('message', (message) => resolve(z.string().parse(message)));
    server.once('exit', () => reject(new Error('the server of the benchmark ended')));
  });
  const names = Array.from({ length: count }, (_none, index) => `repo-${index + 1}`);
  const repos: BenchRepo[] = [];
  for (const [seed, name] of names.entries()) {
    const { dir } = await makeRepo({ dir: join(root, 'remotes', `${name}.git`), commits: historyOf(seed) });
    await testGit(dir, ['repack', '-q', '-a', '-d']);
    repos.push({ name, dir, remote: `${origin}${name}.git` });
  }
  return {
    root,
    repos,
    async uncut() {
      await Promise.all(
        repos.map(({ dir }) => testGit(dir, ['update-ref', '--stdin'], CUT.map((ref) => `delete ${ref}\n`).join(''))),
      );
    },
    async checkCut() {
      for (const { name, dir } of repos) {
        const refs = await refsOf(dir);
        if (CUT.some((ref) => refs[ref] !== refs['refs/heads/main'])) throw new Error(`${name} was not cut`);
      }
    },
    async close() {
      server.disconnect();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The server's process: tells its address and serves until its parent is gone. */
export async function serveWorld(root: string): Promise<void> {
  const server = await serveGit(root);
  process.on('disconnect', () => process.exit(0));
  process.send?.(server.urlOf(''));
}
