import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';

import { gitEnvironment, GitFailure } from './git.ts';

export interface ImportPerson {
  readonly name: string;
  readonly email: string;
}

export interface ImportCommit {
  readonly branch: string;
  readonly author: ImportPerson;
  /** Seconds since 1970. */
  readonly at: number;
  readonly message: string;
  /** The mark of the parent; absent for the first commit. */
  readonly from?: number;
  /** What to write by path; null deletes. */
  readonly files: ReadonlyMap<string, string | null>;
  /** Submodule entries: the commit by path. */
  readonly links?: ReadonlyMap<string, string>;
  /** Symbolic links: where each leads, by path. */
  readonly symlinks?: ReadonlyMap<string, string>;
}

/** A running `git fast-import`: commits by marks, each mark's sha on demand. */
export interface Importer {
  /** Adds a commit and answers its mark. */
  commit(commit: ImportCommit): number;
  tag(name: string, from: number, tagger: ImportPerson, at: number): void;
  /** Points a branch at a commit made before. */
  branch(name: string, from: number): void;
  /** The sha of a mark. */
  sha(mark: number): Promise<string>;
  /** Ends the import; throws GitFailure when git refused something. */
  finish(): Promise<void>;
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** Starts an import into a bare repository. */
export function startImport(gitDir: string): Importer {
  const args = [`--git-dir=${gitDir}`, 'fast-import', '--quiet', '--force', '--done', '--cat-blob-fd=3'];
  const child = spawn('git', args, { env: gitEnvironment(), stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
  const errors: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const answers = child.stdio[3];
  const lines = createInterface({ input: answers instanceof Readable ? answers : new PassThrough() });
  const waiting: ((sha: string) => void)[] = [];
  lines.on('line', (line) => waiting.shift()?.(line));
  const write = (text: string) => child.stdin?.write(text);
  let marks = 0;
  return {
    commit({ branch, author, at, message, from, files, links, symlinks }) {
      marks += 1;
      const who = `${author.name} <${author.email}> ${at} +0000`;
      const parts = [`commit refs/heads/${branch}\nmark :${marks}\nauthor ${who}\ncommitter ${who}\n`, data(message)];
      if (from !== undefined) parts.push(`from :${from}\n`);
      for (const [path, content] of files) {
        parts.push(content === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(content)}`);
      }
      for (const [path, to] of symlinks ?? []) parts.push(`M 120000 inline ${path}\n${data(to)}`);
      for (const [path, sha] of links ?? []) parts.push(`M 160000 ${sha} ${path}\n`);
      write(`${parts.join('')}\n`);
      return marks;
    },
    tag(name, from, tagger, at) {
      write(`tag ${name}\nfrom :${from}\ntagger ${tagger.name} <${tagger.email}> ${at} +0000\n${data(`${name}\n`)}`);
    },
    branch(name, from) {
      write(`reset refs/heads/${name}\nfrom :${from}\n\n`);
    },
    sha(mark) {
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      write(`get-mark :${mark}\n`);
      // A git that refused its input answers no more: then its exit is the answer.
      return Promise.race([
        answer,
        ended.then((code) => {
          throw new GitFailure(args, code, Buffer.concat(errors).toString('utf8'));
        }),
      ]);
    },
    async finish() {
      child.stdin?.end('done\n');
      const code = await ended;
      if (code !== 0) throw new GitFailure(args, code, Buffer.concat(errors).toString('utf8'));
    },
  };
}
